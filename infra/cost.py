"""What a month costs, from named prices: `python -m infra.cost` prints the documents' tables.

Prices are Amazon's for us-east-1, in USD, without tax, as its price pages had them in November 2026; other regions differ
by some per cent, Seoul's traffic by 40. What a request takes is assumed below: put your own figures in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

GB = 2**30
MONTH = 30 * 24 * 3600  # seconds
MILLION = 1_000_000

# Lambda, on x86
FUNCTION_REQUEST = 0.20 / MILLION
FUNCTION_GB_SECOND = 0.0000166667
SNAP_START_CACHE_GB_SECOND = 0.0000015046
SNAP_START_RESTORE_GB = 0.0001397998
PROVISIONED_GB_SECOND = 0.0000041667  # for being ready; then a request's time is cheaper:
PROVISIONED_RUN_GB_SECOND = 0.0000097222
FREE_FUNCTION_REQUESTS, FREE_GB_SECONDS = 1 * MILLION, 400_000  # a month, for ever
# API Gateway, HTTP API, up to 512 KB a request
API_REQUEST = 1.00 / MILLION
# CloudFront
SITE_REQUEST = 0.0100 / 10_000
SITE_GB = 0.085
SITE_TO_ORIGIN_GB = 0.020  # photos on their way in
FREE_SITE_REQUESTS, FREE_SITE_GB = 10 * MILLION, 1024  # a month, for ever
# CloudWatch
LOG_GB, ALARM = 0.50, 0.10
# S3 Vectors
VECTOR_GB_MONTH, VECTOR_PUT_GB = 0.06, 0.20
VECTOR_QUERY = 2.50 / MILLION
VECTOR_SCANNED_TB, VECTOR_SCANNED_TB_FIRST, FIRST_VECTORS = 0.002, 0.004, 100_000
VECTORS_A_SECOND = 2500  # the most that one index takes

# Assumed: an answer's time at 1769 MB, a start's time, and how many answers begin with a start.
MEMORY_GB = 1769 / 1024
SECONDS, START_SECONDS = 0.3, 1.5
STARTS = {10_000: 0.2, 1_000_000: 0.01}
# Assumed: half the photos come with a first visit, which fetches the page, the list of people and some twenty portraits.
VISITS, LIST_SECONDS = 0.5, 0.01
VISIT_FILES, VISIT_BYTES = 31 + 20, 30_000 + 20 * 5_600
# Assumed: a photo as the page sends it, and an answer.
PHOTO_BYTES, ANSWER_BYTES = 300_000, 2_000
LOG_BYTES, ALARMS = 1_500, 3
# Assumed: what is stored with a face beside its embedding, and how much of that a search reads.
ABOUT_BYTES, KEY_BYTES = 300, 64


def month(photos: int) -> dict[str, float]:
    """What a month with so many photos costs, by part, without anything kept ready and without free allowances."""
    visits = photos * VISITS
    return {
        "Function (Lambda)": requests(photos) * FUNCTION_REQUEST + gb_seconds(photos) * FUNCTION_GB_SECOND,
        "API (API Gateway)": requests(photos) * API_REQUEST,
        "Page and portraits (CloudFront)": visits * VISIT_FILES * SITE_REQUEST + visits * VISIT_BYTES / GB * SITE_GB,
        "Photos and answers (CloudFront)": _api_through_site(
            requests(photos), photos * PHOTO_BYTES, photos * ANSWER_BYTES
        ),
        "Logs and alarms (CloudWatch)": requests(photos) * LOG_BYTES / GB * LOG_GB + ALARMS * ALARM,
    }


def worst_month(rate: float, seconds: float, concurrency: int | None = None) -> float:
    """Somebody sends the worst request that is accepted (`seconds` of Lambda's time, 4.4 MB) at the throttle's rate all month."""
    asked = rate * MONTH
    running = asked * seconds if concurrency is None else min(asked * seconds, concurrency * MONTH)
    answered = running / seconds
    function = running * MEMORY_GB * FUNCTION_GB_SECOND + answered * FUNCTION_REQUEST
    return function + asked * API_REQUEST + _api_through_site(asked, asked * 4_400_000, asked * ANSWER_BYTES)


def _api_through_site(asked: float, sent: float, answered: float) -> float:
    return asked * SITE_REQUEST + sent / GB * SITE_TO_ORIGIN_GB + answered / GB * SITE_GB


def free(photos: int) -> float:
    """What of it Amazon never charges an account for."""
    visits = photos * VISITS
    return (
        min(requests(photos), FREE_FUNCTION_REQUESTS) * FUNCTION_REQUEST
        + min(gb_seconds(photos), FREE_GB_SECONDS) * FUNCTION_GB_SECOND
        + min(visits * VISIT_FILES + requests(photos), FREE_SITE_REQUESTS) * SITE_REQUEST
        + min((visits * VISIT_BYTES + photos * ANSWER_BYTES) / GB, FREE_SITE_GB) * SITE_GB
    )


def requests(photos: int) -> float:
    return photos * (1 + VISITS)


def gb_seconds(photos: int) -> float:
    return photos * MEMORY_GB * (SECONDS + VISITS * LIST_SECONDS + STARTS[photos] * START_SECONDS)


def snap_start(photos: int) -> float:
    """What SnapStart adds: the snapshot is kept all month and restored at each start, which then takes no time else."""
    starts = photos * STARTS[photos]
    saved = starts * START_SECONDS * MEMORY_GB * FUNCTION_GB_SECOND
    return snap_start_idle() + starts * MEMORY_GB * SNAP_START_RESTORE_GB - saved


def snap_start_idle() -> float:
    return MONTH * MEMORY_GB * SNAP_START_CACHE_GB_SECOND


def provisioned(photos: int) -> float:
    """What one environment that is always ready adds, if it answers all photos."""
    cheaper = FUNCTION_GB_SECOND - PROVISIONED_RUN_GB_SECOND
    starts = photos * STARTS[photos] * START_SECONDS * MEMORY_GB * FUNCTION_GB_SECOND
    return provisioned_idle() - photos * SECONDS * MEMORY_GB * cheaper - starts


def provisioned_idle() -> float:
    return MONTH * MEMORY_GB * PROVISIONED_GB_SECOND


def vectors(faces: int, width: int) -> tuple[float, float, float, float]:
    """An S3 Vectors index: to fill once, its month, a million searches, and the hours that filling takes at least."""
    embedding = width * 4
    stored = faces * (embedding + ABOUT_BYTES + KEY_BYTES) / GB
    scanned = (embedding + KEY_BYTES) / 2**40  # TB a face
    first = min(faces, FIRST_VECTORS)
    search = VECTOR_QUERY + scanned * (first * VECTOR_SCANNED_TB_FIRST + (faces - first) * VECTOR_SCANNED_TB)
    return stored * VECTOR_PUT_GB, stored * VECTOR_GB_MONTH, search * MILLION, faces / VECTORS_A_SECOND / 3600


def requests_table() -> str:
    """Markdown: a month of 10,000 and of a million photos."""
    volumes = sorted(STARTS)
    parts = {volume: month(volume) for volume in volumes}
    rows = [[name, *(_usd(parts[volume][name]) for volume in volumes)] for name in parts[volumes[0]]]
    rows.append(["**Together**", *(f"**{_usd(sum(parts[volume].values()))}**" for volume in volumes)])
    rows.append(["of which always free", *(_usd(-free(volume)) for volume in volumes)])
    rows.append(["`SnapStart=PublishedVersions` adds", *(_usd(snap_start(volume)) for volume in volumes)])
    rows.append(["`ProvisionedConcurrency=1` adds", *(_usd(provisioned(volume)) for volume in volumes)])
    return _table(["A month of", *(f"{volume:,} photos" for volume in volumes)], rows)


def vectors_table(width: int = 128) -> str:
    """Markdown: an index of a million faces and more."""
    rows = []
    for faces in (MILLION, 100 * MILLION, 1000 * MILLION):
        fill, keep, search, hours = vectors(faces, width)
        rows.append([f"{faces:,}", f"{hours:,.1f} h", _usd(fill), _usd(keep), _usd(search)])
    return _table(["Faces", "Filling takes", "Filling costs", "A month", "A million searches"], rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ruler, *rows])


def _usd(amount: float) -> str:
    digits = 0 if abs(amount) >= 100 else 2
    return f"{'−' if amount < 0 else ''}${abs(amount):,.{digits}f}"


if __name__ == "__main__":
    print(requests_table(), vectors_table(), sep="\n\n")
