"""A HEIF file's item boxes, written by hand in every version they come in: what a decoder would be asked for."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from lookalike.photo.heif_items import DEEPEST, MOST_ITEMS, has_track, pixels_to_decode
from tests.function.photo.test_av1_header import REDUCED, unit
from tests.trust.attacks import box

FRAME = unit(1, REDUCED)  # an AV1 sequence header that says 4000 × 750
CODED = b"\0" * 400
Extents = Sequence[tuple[int, int]]


def full(kind: bytes, content: bytes, version: int, flags: int = 0) -> bytes:
    return box(kind, bytes([version, 0, 0, flags]) + content)


@dataclass(frozen=True)
class Item:
    """`extents` of the coded data, or with `inside` of the box "idat"; sizes are all that its properties say."""

    sizes: Sequence[tuple[int, int]]
    kind: bytes = b"hvc1"
    extents: Extents = ((0, 1),)
    inside: bool = False


@dataclass(frozen=True)
class Form:
    """Versions of the boxes, and how long their numbers are."""

    name: str
    wide: bool  # items of four bytes
    iloc: int
    offsets: int = 4
    lengths: int = 4
    base: int = 0
    index: int = 0
    wide_index: bool = False

    def item(self, number: int) -> bytes:
        return number.to_bytes(4 if self.wide else 2, "big")


PLAIN = Form("plain", wide=False, iloc=0)
FORMS = [
    PLAIN,
    Form("methods", wide=False, iloc=1, base=4, index=4),
    Form("wide", wide=True, iloc=2, offsets=8, lengths=8, base=8, index=8, wide_index=True),
    Form("without offsets", wide=False, iloc=1, offsets=0, base=4),
]


def heif(
    items: Mapping[int, Item],
    references: Sequence[tuple[bytes, int, Sequence[int]]] = (),
    form: Form = PLAIN,
    coded: bytes = CODED,
    primary: int = 1,
) -> bytes:
    """A file whose coded data comes first, and behind it the boxes that say where it is."""
    start = len(_type()) + 8
    uses, properties = _properties(items, form)
    meta = [
        full(b"pitm", form.item(primary), form.wide),
        full(b"iloc", _locations(items, form, start), form.iloc),
        full(b"iinf", (len(items)).to_bytes(4 if form.wide else 2, "big") + _infos(items, form), form.wide),
        box(b"iprp", box(b"ipco", properties) + full(b"ipma", uses, form.wide, form.wide_index)),
        box(b"idat", FRAME),
    ]
    if references:
        meta.append(full(b"iref", _references(references, form), form.wide))
    return _type() + box(b"mdat", coded) + full(b"meta", b"".join(meta), 0)


def _type() -> bytes:
    return box(b"ftyp", b"heic" + bytes(4))


def _locations(items: Mapping[int, Item], form: Form, start: int) -> bytes:
    sizes = bytes([form.offsets << 4 | form.lengths, form.base << 4 | form.index])
    locations = sizes + len(items).to_bytes(4 if form.iloc == 2 else 2, "big")
    for number, item in items.items():
        shift = 0 if item.inside else start
        base = shift + (item.extents[0][0] if not form.offsets else 0) if form.base else 0
        locations += form.item(number) + (struct.pack(">H", item.inside) if form.iloc else b"") + bytes(2)
        locations += base.to_bytes(form.base, "big") + struct.pack(">H", len(item.extents))
        for offset, length in item.extents:
            place = offset + shift - base if form.offsets else 0
            locations += bytes([7] * form.index) + place.to_bytes(form.offsets, "big")
            locations += length.to_bytes(form.lengths, "big")
    return locations


def _infos(items: Mapping[int, Item], form: Form) -> bytes:
    entries = [form.item(number) + bytes(2) + item.kind + b"\0" for number, item in items.items()]
    return b"".join(full(b"infe", entry, 3 if form.wide else 2) for entry in entries)


def _properties(items: Mapping[int, Item], form: Form) -> tuple[bytes, bytes]:
    """Which of the properties each item has, essential or not; and all properties, the first of them of no size."""
    uses, properties, count = len(items).to_bytes(4, "big"), box(b"pixi", bytes(7)), 1
    for number, item in items.items():
        uses += form.item(number) + bytes([2 + len(item.sizes)])
        places = [0, 1, *range(count + 1, count + 1 + len(item.sizes))]
        for place in places:
            essential = place % 2 << (15 if form.wide_index else 7)
            uses += (place | essential).to_bytes(2 if form.wide_index else 1, "big")
        properties += b"".join(full(b"ispe", struct.pack(">II", *size), 0) for size in item.sizes)
        count += len(item.sizes)
    return uses, properties


def _references(references: Sequence[tuple[bytes, int, Sequence[int]]], form: Form) -> bytes:
    return b"".join(
        box(kind, form.item(item) + struct.pack(">H", len(targets)) + b"".join(map(form.item, targets)))
        for kind, item, targets in references
    )


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
class TestEveryForm:
    def test_one_picture(self, form: Form) -> None:
        assert pixels_to_decode(heif({1: Item([(300, 200)])}, form=form)) == 60_000

    def test_the_largest_of_its_sizes_counts(self, form: Form) -> None:
        assert pixels_to_decode(heif({1: Item([(30, 20), (300, 200), (1, 1)])}, form=form)) == 60_000

    def test_the_primary_one_only(self, form: Form) -> None:
        items = {7: Item([(300, 200)], extents=[(0, 9)]), 9: Item([(5, 7)], extents=[(9, 9)])}
        assert pixels_to_decode(heif(items, form=form, primary=9)) == 35

    def test_a_grid_is_its_tiles(self, form: Form) -> None:
        items = {1: Item([(9000, 9000)], b"grid")}
        items |= {tile: Item([(64, 32)], extents=[(10 * tile, 10)]) for tile in range(2, 8)}
        assert pixels_to_decode(heif(items, [(b"dimg", 1, range(2, 8))], form)) == 6 * 64 * 32

    def test_a_tile_that_is_used_twice_counts_twice(self, form: Form) -> None:
        items = {1: Item([(128, 64)], b"grid"), 2: Item([(64, 32)])}
        assert pixels_to_decode(heif(items, [(b"dimg", 1, (2, 2))], form)) == 2 * 64 * 32

    def test_transparency_is_a_picture_too(self, form: Form) -> None:
        items = {1: Item([(300, 200)]), 2: Item([(150, 100)], extents=[(1, 1)]), 3: Item([(9, 9)], extents=[(2, 1)])}
        assert pixels_to_decode(heif(items, [(b"auxl", 2, (1,)), (b"cdsc", 3, (1,))], form)) == 60_000 + 15_000

    def test_an_av1_picture_is_as_large_as_its_sequence_says(self, form: Form) -> None:
        coded = bytes(30) + FRAME + bytes(70)
        item = Item([(64, 64)], b"av01", [(30, len(FRAME))])
        assert pixels_to_decode(heif({1: item}, form=form, coded=coded)) == 4000 * 750
        other = Item([(64, 64)], b"hvc1", [(30, len(FRAME))])
        assert pixels_to_decode(heif({1: other}, form=form, coded=coded)) == 64 * 64
        large = Item([(4000, 751)], b"av01", [(30, len(FRAME))])
        assert pixels_to_decode(heif({1: large}, form=form, coded=coded)) == 4000 * 751


@pytest.mark.parametrize("form", FORMS[:3], ids=lambda form: form.name)
def test_coded_data_may_lie_in_pieces(form: Form) -> None:
    coded = bytes(30) + FRAME[3:] + bytes(70) + FRAME[:3]
    pieces = [(len(coded) - 3, 3), (30, len(FRAME) - 3)]
    assert pixels_to_decode(heif({1: Item([(64, 64)], b"av01", pieces)}, form=form, coded=coded)) == 4000 * 750


def test_coded_data_may_lie_among_the_boxes() -> None:
    item = Item([(64, 64)], b"av01", [(0, len(FRAME))], inside=True)
    assert pixels_to_decode(heif({1: item}, form=FORMS[1])) == 4000 * 750


def test_data_is_used_once() -> None:
    """As a whole by one item, or by several together; one byte more of it is too much."""
    whole = len(heif({1: Item([(8, 8)])}))
    assert pixels_to_decode(heif({1: Item([(8, 8)], extents=[(0, whole)])})) == 64
    with pytest.raises(ValueError, match="more than once"):
        pixels_to_decode(heif({1: Item([(8, 8)], extents=[(0, whole + 1)])}))
    two = {1: Item([(8, 8)], extents=[(0, 9)]), 2: Item([(8, 8)], extents=[(0, 9)])}
    whole = len(heif(two))
    assert pixels_to_decode(heif(two | {2: Item([(8, 8)], extents=[(0, whole - 9)])})) == 64
    with pytest.raises(ValueError, match="share"):
        pixels_to_decode(heif(two | {2: Item([(8, 8)], extents=[(0, whole - 8)])}))


def test_without_a_length_an_extent_is_the_whole_file() -> None:
    items = {1: Item([(8, 8)], extents=[(0, 0)]), 2: Item([(8, 8)], extents=[(0, 1)])}
    with pytest.raises(ValueError, match="share"):
        pixels_to_decode(heif(items))
    assert pixels_to_decode(heif({1: items[1]})) == 64


def test_a_part_that_is_used_twice_uses_its_data_twice() -> None:
    items = {1: Item([(8, 8)], b"grid", [(0, 1)]), 2: Item([(8, 8)], extents=[(1, 300)])}
    with pytest.raises(ValueError, match="share"):
        pixels_to_decode(heif(items, [(b"dimg", 1, (2, 2, 2))]))


def chain(length: int) -> bytes:
    """Pictures of which each is made of the next."""
    items = {number: Item([(8, 8)], extents=[(number, 1)]) for number in range(1, length + 1)}
    return heif(items, [(b"dimg", number, (number + 1,)) for number in range(1, length)])


def test_pictures_within_pictures_at_the_bound() -> None:
    assert pixels_to_decode(chain(DEEPEST + 1)) == DEEPEST * 64
    with pytest.raises(ValueError, match="without end"):
        pixels_to_decode(chain(DEEPEST + 2))
    assert DEEPEST == 4


def test_items_at_the_bound() -> None:
    def file(count: int) -> bytes:
        return heif({1: Item([(8, 8)])} | dict.fromkeys(range(2, count + 1), Item([])))

    assert pixels_to_decode(file(MOST_ITEMS)) == 64
    with pytest.raises(ValueError, match="2001 items"):
        pixels_to_decode(file(MOST_ITEMS + 1))


@pytest.mark.parametrize("references", [MOST_ITEMS, MOST_ITEMS + 1])
def test_references_at_the_bound(references: int) -> None:
    items = {1: Item([(8, 8)], b"grid", [(0, 1)]), 2: Item([(4, 4)], extents=[(1, 1)])}
    data = heif(items, [(b"dimg", 1, (2,) * references)], coded=bytes(3000))
    if references > MOST_ITEMS:
        with pytest.raises(ValueError, match="2001 items"):
            pixels_to_decode(data)
    else:
        assert pixels_to_decode(data) == MOST_ITEMS * 16


@pytest.mark.parametrize("kind", [b"pitm", b"iloc", b"iinf", b"iprp", b"ipco"])
def test_of_each_box_there_is_one(kind: bytes) -> None:
    good = heif({1: Item([(8, 8)])})
    with pytest.raises(ValueError, match="unpack"):
        pixels_to_decode(good.replace(kind, kind[:3] + b"x"))
    if kind != b"ipco":
        meta = good.index(b"meta") - 4
        twice = box(b"meta", good[meta + 8 :] + box(kind, bytes(20)))
        with pytest.raises(ValueError, match="unpack"):
            pixels_to_decode(good[:meta] + twice)


def test_boxes_of_any_length() -> None:
    """The last one may go to the end of the file, a long one has its length in eight bytes, and junk may follow."""
    good = heif({1: Item([(8, 8)])})
    meta = good.index(b"meta") - 4
    assert pixels_to_decode(good[:meta] + bytes(4) + good[meta + 4 :]) == 64
    long = struct.pack(">I4sQ", 1, b"meta", len(good) - meta + 8) + good[meta + 8 :]
    assert pixels_to_decode(good[:meta] + long) == 64
    assert pixels_to_decode(good + b"\xff\xff\xff\xff junk") == 64
    assert pixels_to_decode(good + b"\0\0\0\7 a box shorter than its head") == 64
    assert pixels_to_decode(good + bytes(7)) == 64


def test_a_track_is_seen_wherever_it_is() -> None:
    good = heif({1: Item([(8, 8)])})
    assert not has_track(good) and not has_track(good + b"\xff\xff\xff\xffmoov")
    assert has_track(good + box(b"moov", b"") + b"\xff\xff\xff\xffjunk")
    assert has_track(box(b"moov", b"") + good) and has_track(good + box(b"moov", b""))
    assert not has_track(box(b"free", box(b"moov", b"")) + good)
