from pathlib import Path

import pytest

from support.page.drift.markdown_page import FoundLine, PageError, parse_page, read_page

PAGE = """---
title : "A page"
---

# A *page*

{{% notice info %}}
**Important**: Look `twice`
and once more.
{{% /notice %}}

## Items

1. **First**: [a link](https://example.org)
   - **Nested**: `KEY#[name]`
2. ![picture](a.png)

```json
{"PK": "A", "n": 1}
```

{{< figure src="b.png" >}}

<!-- a comment -->

```bash
aws dynamodb
```
"""


def test_a_page_is_read_without_markup_front_matter_shortcodes_and_pictures() -> None:
    page = parse_page(PAGE)
    first, second = page.sections
    assert (first.title, first.depth) == ("A page", 1)
    assert first.lines == (FoundLine("Important: Look twice and once more.", 0),)
    assert second.lines == (
        FoundLine("First: a link", 1),
        FoundLine("Nested: KEY#[name]", 2),
        FoundLine("aws dynamodb", 0, code=True),
    )
    assert second.templates == ({"PK": "A", "n": 1},)
    assert page.pictures == 2


def test_toml_front_matter_is_left_out_too() -> None:
    assert [section.title for section in parse_page("+++\ntitle = 'a'\n+++\n# A\n").sections] == ["A"]


def test_json_that_does_not_parse_keeps_its_place() -> None:
    assert parse_page('# A\n\n```json\n{"a": }\n```\n\n```json\n{"b": 1}\n```\n').sections[0].templates == (
        None,
        {"b": 1},
    )


def test_what_stands_before_the_first_heading_is_kept() -> None:
    assert parse_page("Wait 2 minutes.\n\n# A\n").sections[0].lines == (FoundLine("Wait 2 minutes.", 0),)


def test_a_line_that_asks_for_a_screenshot_is_a_picture() -> None:
    assert parse_page("# A\n\n**Screenshot Location**: Add one of step 2\n").sections[0].lines == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "can't be read (No such file or directory): name the page's Markdown file"),
        (b"", "has no heading: name the page's Markdown file"),
        (b"just text, 2 lines\n", "has no heading: name the page's Markdown file"),
        (b"# A\xff\n", "is not UTF-8: save it as UTF-8"),
    ],
)
def test_what_is_no_page_is_refused_in_one_line(content: bytes | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PageError) as error:
        read_page(path)
    assert str(error.value) == f"{path} {said}"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="can't be read"):
        read_page(tmp_path)
