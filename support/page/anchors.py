"""The anchors that Hugo gives to headings: goldmark's automatic ids of type "github", which is Hugo's default."""

from collections.abc import Iterable


def anchors(headings: Iterable[str]) -> list[str]:
    """The anchor of each heading of a page, in order: of equal ones the second ends with -1, the third with -2."""
    used: dict[str, None] = {}
    for heading in headings:
        name = plain = _anchor(heading)
        number = 0
        while name in used:
            number += 1
            name = f"{plain}-{number}"
        used[name] = None
    return list(used)


def _anchor(heading: str) -> str:
    """Letters in lower case, digits, `-` and `_` stay, a blank becomes a hyphen, all else goes."""
    kept = (
        letter if letter.isalnum() or letter in "-_" else "-" if letter == " " else "" for letter in heading.strip()
    )
    return "".join(kept).lower() or "heading"
