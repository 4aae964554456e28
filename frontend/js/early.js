// Before the first paint, so that neither the colours nor the language flicker; in words that old browsers know, too.
(function () {
	var root = document.documentElement;
	var languages = (navigator.languages || [navigator.language]).map(function (tag) {
		return tag.slice(0, 2);
	});
	root.lang = languages.filter(function (tag) {
		return tag === 'ko' || tag === 'en';
	})[0] || 'en';
	root.dataset.theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
	try {
		root.lang = localStorage.getItem('lang') || root.lang;
		root.dataset.theme = localStorage.getItem('theme') || root.dataset.theme;
	} catch (forbidden) {} // storage may be
	var manifest = document.querySelector('link[rel="manifest"]');
	if (manifest && root.lang === 'ko') manifest.setAttribute('href', 'manifest.ko.webmanifest');
	// What iOS 15 and Chrome 90 have, and browsers much older lack.
	if (!root.replaceChildren || !window.CSS || !CSS.supports('aspect-ratio', '1')) root.className = 'old';
})();
