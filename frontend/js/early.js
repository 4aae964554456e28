// Before the first paint, so that neither the colours nor the language flicker.
{
	const root = document.documentElement;
	const languages = navigator.languages.map((tag) => tag.slice(0, 2));
	root.lang = languages.find((tag) => tag === 'ko' || tag === 'en') ?? 'en';
	root.dataset.theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
	try {
		root.lang = localStorage.getItem('lang') ?? root.lang;
		root.dataset.theme = localStorage.getItem('theme') ?? root.dataset.theme;
	} catch {} // storage may be forbidden
}
