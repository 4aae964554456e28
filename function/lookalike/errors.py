"""Every error a user can meet: a stable slug, an HTTP status, and one sentence in English and Korean.

Raised where the fact is known; turned into HTTP in api/problems.py and into a line on the terminal in cli/main.py.
"""

from __future__ import annotations

from typing import ClassVar, Literal

Language = Literal["en", "ko"]


class LookalikeError(Exception):
    """Base of all. Keyword arguments fill the sentence's placeholders; `hint` is a slug for programs."""

    slug: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong here"
    en: ClassVar[str] = "Something went wrong on our side. Please try again in a moment."
    ko: ClassVar[str] = "서버에 문제가 생겼습니다. 잠시 후 다시 시도해 주세요."

    def __init__(self, *, hint: str | None = None, **facts: object) -> None:
        self.hint = hint
        self.facts = facts
        super().__init__(self.sentence("en"))

    def sentence(self, language: Language) -> str:
        return (self.ko if language == "ko" else self.en).format(**self.facts)


class BadRequest(LookalikeError):
    slug, status, title = "bad-request", 400, "The request could not be read"
    en = "The request could not be read: {reason}."
    ko = "요청을 읽을 수 없습니다: {reason_ko}."

    def __init__(self, *, reason: str, reason_ko: str) -> None:
        super().__init__(reason=reason, reason_ko=reason_ko)


class WrongAddress(LookalikeError):
    slug, status, title = "wrong-address", 403, "The API answers at the page's address only"
    en = "The API answers at the address of its page only."
    ko = "이 API는 페이지와 같은 주소로만 응답합니다."


class UnknownHost(WrongAddress):
    """Of the local server: a name that leads here may be another page's, which would read the gallery (DNS rebinding)."""

    en = "This server does not answer to that name. Open it by its address, or start it with --name and the name."
    ko = "이 이름으로는 접속할 수 없습니다. 주소로 열거나, 서버를 시작할 때 --name으로 이름을 알려 주세요."


class NotFound(LookalikeError):
    slug, status, title = "not-found", 404, "There is nothing at this address"
    en = "There is nothing at this address."
    ko = "이 주소에는 아무것도 없습니다."


class MethodNotAllowed(LookalikeError):
    slug, status, title = "method-not-allowed", 405, "This address does not take that method"
    en = "This address does not take that method."
    ko = "이 주소에서는 사용할 수 없는 요청 방식입니다."


class NoSuchRange(LookalikeError):
    slug, status, title = "no-such-range", 416, "The file has no such part"
    en = "The file has no such part."
    ko = "파일에 그런 범위가 없습니다."


class TooLarge(LookalikeError):
    slug, status, title = "too-large", 413, "The photo is too large"
    en = "The upload has {size}, more than the {limit} allowed. Send a smaller photo."
    ko = "업로드한 크기가 {size}로 허용된 {limit}를 넘습니다. 더 작은 사진을 보내 주세요."


class UnsupportedBody(LookalikeError):
    slug, status, title = "unsupported-body", 415, "Not a body we can read"
    en = "Send the photo as multipart/form-data, as image/* or as JSON with base64."
    ko = "사진을 multipart/form-data, image/* 또는 base64를 담은 JSON으로 보내 주세요."


class UnsupportedPhoto(LookalikeError):
    slug, status, title = "unsupported-photo", 415, "Not a photo we can read"
    en = "This is not a photo in a format we read (JPEG, PNG, WebP, AVIF, GIF, BMP, TIFF{heif})."
    ko = "읽을 수 있는 사진 형식(JPEG, PNG, WebP, AVIF, GIF, BMP, TIFF{heif})이 아닙니다."


class UnusualPhoto(UnsupportedPhoto):
    title = "A kind of photo that is not read here"
    en = "This kind of photo ({kind}) is not read here. Save it as an ordinary JPEG or PNG."
    ko = "이런 종류의 사진({kind})은 읽을 수 없습니다. 일반 JPEG나 PNG로 저장해 주세요."


class DamagedPhoto(LookalikeError):
    slug, status, title = "damaged-photo", 422, "The photo is damaged"
    en = "The photo is damaged or incomplete. Try to open it in another app, or take it again."
    ko = "사진이 손상되었거나 일부가 빠져 있습니다. 다른 앱에서 열어 보거나 다시 찍어 주세요."


class EmptyPhoto(DamagedPhoto):
    title = "The photo is empty"
    en = "The photo is empty (0 bytes). Choose it again, or choose another."
    ko = "사진이 비어 있습니다(0바이트). 다시 선택하거나 다른 사진을 선택해 주세요."


class TookTooLong(LookalikeError):
    slug, status, title = "took-too-long", 422, "The photo takes too long"
    en = "The photo takes more than {limit} seconds of work. Send a smaller one, or look for larger faces only."
    ko = "사진을 처리하는 데 {limit}초가 넘게 걸립니다. 더 작은 사진을 보내거나 더 큰 얼굴만 찾아 주세요."


class NoFace(LookalikeError):
    """`hint`: too-small, too-dark, too-bright, blurred or none-found."""

    slug, status, title = "no-face", 422, "No face was found"
    _advice: ClassVar[dict[str, tuple[str, str]]] = {
        "too-small": ("The photo is very small; use a larger one.", "사진이 너무 작습니다. 더 큰 사진을 써 주세요."),
        "too-dark": (
            "It is very dark; try again with more light.",
            "사진이 너무 어둡습니다. 더 밝은 곳에서 찍어 주세요.",
        ),
        "too-bright": ("It is very bright; avoid strong light.", "사진이 너무 밝습니다. 강한 빛을 피해 주세요."),
        "blurred": ("It is blurred; hold still and try again.", "사진이 흐립니다. 흔들리지 않게 다시 찍어 주세요."),
        "none-found": (
            "Let the whole face be seen from the front, and come closer.",
            "얼굴 전체가 정면으로 보이도록 조금 더 가까이에서 찍어 주세요.",
        ),
    }

    def __init__(self, *, hint: str = "none-found") -> None:
        super().__init__(hint=hint)

    def sentence(self, language: Language) -> str:
        english, korean = self._advice[self.hint or "none-found"]
        return (
            f"사진에서 얼굴을 찾지 못했습니다. {korean}"
            if language == "ko"
            else f"No face was found in the photo. {english}"
        )


class InvalidParameter(LookalikeError):
    """`rule` says what is allowed, and `rule_ko` the same in Korean where it is more than numbers and names."""

    slug, status, title = "invalid-parameter", 422, "A parameter is out of range"
    en = "“{name}” must be {rule}."
    ko = "“{name}” 값이 올바르지 않습니다 (조건: {rule_ko})."

    def __init__(self, *, name: str, rule: str, rule_ko: str | None = None) -> None:
        super().__init__(name=name, rule=rule, rule_ko=rule_ko or rule)


class OtherNetwork(LookalikeError):
    slug, status, title = "other-network", 409, "Embeddings of another network"
    en = "These embeddings were not made with the network that is in use here. Load the page anew."
    ko = "다른 신경망으로 만든 값이라 비교할 수 없습니다. 페이지를 새로 고쳐 주세요."


class Busy(LookalikeError):
    slug, status, title = "busy", 503, "Too many people at once"
    en = "Many people are asking at once. Please try again in a few seconds."
    ko = "지금 이용자가 많습니다. 몇 초 후 다시 시도해 주세요."


class Unavailable(LookalikeError):
    slug, status, title = "unavailable", 503, "The gallery cannot be reached"
    en = "The gallery cannot be reached just now. Please try again in a moment."
    ko = "지금 갤러리에 연결할 수 없습니다. 잠시 후 다시 시도해 주세요."


class SetupError(LookalikeError):
    """Something is wrong with the installation, not with a request: it stops the start with one sentence, in English."""

    slug, title = "setup", "The installation is not usable"

    def sentence(self, language: Language) -> str:
        return self.en.format(**self.facts)


class InvalidSetting(SetupError):
    en = "The setting {name} is {value!r}, but must be {rule}."


class MissingFile(SetupError):
    en = "{path} is missing. Make it with: {command}"


class DamagedFile(SetupError):
    en = "{path} is damaged or not what it should be ({reason}). Make it anew with: {command}"


class Untrained(SetupError):
    en = (
        "The face network in {path} has untrained weights, so its answers mean nothing and are not shown. "
        "Export a trained one with: lookalike export"
    )


class GalleryMismatch(SetupError):
    en = (
        "The gallery in {path} was made with another face network ({theirs}, not {ours}). "
        "Rebuild it with: lookalike gallery build PHOTOS --out {path}"
    )


class OlderGallery(SetupError):
    en = (
        "The gallery in {path} was made by an earlier version of this program. Bring it up to date, with everybody in it, "
        "by: lookalike gallery build PHOTOS --out {path} (the demo's people: lookalike gallery demo)"
    )


class IndexMismatch(SetupError):
    en = (
        "The index {index} was not made for the face network in use ({model}, whose index is named {name}). "
        "Deploy again with the networks you have: make deploy"
    )
