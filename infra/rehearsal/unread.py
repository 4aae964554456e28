"""Properties of a resource that nobody reads while it is made: what the emulator ignores of a template."""

from __future__ import annotations

from collections.abc import ItemsView, ValuesView
from typing import Any

Paths = set[str]


def watched(properties: dict[str, Any]) -> tuple[dict[str, Any], Paths]:
    """The same properties, and the paths of those that were not read yet: the set shrinks as they are."""
    unread: Paths = set()
    return _Watched(properties, "", unread), unread


class _Watched(dict[str, Any]):
    """A dictionary that strikes out what is read of it. A copy of all of it counts as read: it can be described then."""

    def __init__(self, content: dict[str, Any], path: str, unread: Paths) -> None:
        self._path, self._unread = path, unread
        super().__init__({key: self._watch(value, f"{path}.{key}" if path else key) for key, value in content.items()})

    def _watch(self, value: Any, path: str) -> Any:
        if isinstance(value, dict):
            return _Watched(value, path, self._unread)
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            return [self._watch(item, f"{path}[]") for item in value]
        self._unread.add(path)
        return value

    def _read(self, key: str) -> None:
        self._unread.discard(f"{self._path}.{key}" if self._path else key)

    def __getitem__(self, key: str) -> Any:
        self._read(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._read(key)
        return super().get(key, default)

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]
        for key in self:
            self._read(key)
        return super().items()

    def values(self) -> ValuesView[Any]:  # type: ignore[override]
        for key in self:
            self._read(key)
        return super().values()

    def __deepcopy__(self, memo: Any) -> Any:
        return _plain(self)


def _plain(value: Any) -> Any:
    """Without watching, and all of it read."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
