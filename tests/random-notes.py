#!/usr/bin/env python3
"""Writes notes with HTML put together by chance: random-notes.py SEED FOLDER"""

import base64
import pathlib
import random
import sys

seed, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
chance = random.Random(seed)

ELEMENTS = """a abbr acronym address article aside audio b bdi bdo big blockquote button caption center cite code
colgroup data dd del details dfn dir div dl dt em fieldset figcaption figure font footer form h1 h3 h6 header hgroup i ins
kbd label legend li map mark math menu meter nobr ol option output p picture pre progress q rb rp rt rtc ruby s samp
section select small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var video svg g path
rect line polyline text tspan defs marker lineargradient stop clippath desc symbol""".split()
VOID = "area br col hr img input source track wbr".split()
EMBEDDED = "iframe embed object".split()
ATTRIBUTES = [
    'align="center"', 'width="50%"', 'width="30"', 'height="2em"', 'class="x"', 'id="a b"', 'id="twice"',
    'style="color:red;position:fixed"', 'style="background:url(x)"', 'href="#twice"', 'href="#nowhere"', 'href="a.md#x"',
    'href="https://e.org/a|b[c]"', 'href="javascript:1"', 'src="https://e.org/x.png"', 'src="x.png"', 'src="none.png"',
    'alt="a & b"', 'title="t <"', 'lang="zh"', 'lang="nö"', 'dir="rtl"', 'dir="x"', 'role="button"', 'aria-label="x"',
    'data-x="1"', "hidden", "open", 'colspan="0"', 'colspan="2"', 'rowspan="3"', 'scope="row"', 'start="x"', 'start="4"',
    "reversed", 'type="a"', 'type="checkbox"', "checked", 'value="3"', 'datetime="x"', 'cite="y"', 'name="q"',
    'bgcolor="red"', 'face="x"', 'color="#123"', 'size="7"', 'onclick="x"', 'border="1"', 'valign="top"', 'for="z"',
    'srcset="a 1x"', "controls", 'display="block"', 'd="M0 0"', 'fill="var(--diagram-node)"', 'viewBox="0 0 1 1"',
    'xml:lang="en"', 'xlink:href="#a"',
]
WORDS = [
    "文本 text", "a & b < c", "**bold**", " ", "`code`", "$x^2$", "[l](a.md)", "![i](x.png)", "![r](https://e.org/r.png)",
    "\x0c", "[^1]", "$\\dfrac{a}{b}$",
]
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def attributes():
    return " ".join(chance.sample(ATTRIBUTES, chance.randint(0, 3)))


def fragment(depth):
    kind = chance.random()
    if depth <= 0 or kind < 0.25:
        return chance.choice(WORDS)
    if kind < 0.35:
        return f"<{chance.choice(VOID)} {attributes()}>"
    if kind < 0.38:
        name = chance.choice(EMBEDDED)
        return f'<{name} src="https://e.org/v"></{name}>'
    name = chance.choice(ELEMENTS)
    inside = "".join(fragment(depth - 1) for _ in range(chance.randint(0, 4)))
    end = "" if chance.random() < 0.15 else f"</{name}>"
    return f"<{name} {attributes()}>{inside}{end}"


folder.mkdir(parents=True)
for number in range(60):
    text = "\n\n".join(fragment(5) for _ in range(30))
    (folder / f"f{number}.md").write_text(f"# N{number} & <b>\n\n{text}\n\n[^1]: Note.\n", encoding="utf-8")
(folder / "a.md").write_text("# A\n\n## x\n\ntext[^1]\n\n[^1]: note with `code`\n\n    second\n", encoding="utf-8")
(folder / "README.md").write_text("# Home & <x>\n\ntext\n", encoding="utf-8")
(folder / "x.png").write_bytes(base64.b64decode(PICTURE))
