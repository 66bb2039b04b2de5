#!/usr/bin/env bash
# Makes the fonts of formulas, static/math.woff2 and static/math-letters.woff2: subsets of STIX Two Math (SIL Open Font
# License 1.1) with the characters that are listed here, and the larger forms and parts that its table MATH has for them,
# where browsers need it with other measures.
# The list is written by hand: made from the text of formulas, it would lack what no text holds, such as the sign of roots.
#
#   tests/math-font.sh
#
# It needs npm, and python3 with venv. Run it after a change of the lists, and change `unicode-range` in static/math.css.
set -euo pipefail
cd "$(dirname "$0")/.."

# Latin, Greek, italic letters, operators, arrows, brackets, accents.
core=20-7E,A0-FF,131,152,153,237,2BC,2C6,2C7,2D8-2DD,300-30C,330,332,338,391-3A9,3B1-3C9,3D1,3D5,3D6,3DC,3DD,3F0,3F1,3F4
core+=,3F5,2000-200B,2010-2027,2030-2037,203E,2043,2044,2057,2061-2064,20D0-20D2,20D6,20D7,20DB,20DC,20E1,20EC-20EF
core+=,2102,210A-211D,2124,2126-2128,212B-2138,213C-2140,2145-2149,214B,2190-21AE,21B0,21B1,21B6,21B7,21BA-21CD
core+=,21CE-21DD,21E0,21E2,21F5,2200-22FF,2306,2308-230B,231C-2323,2329,232A,23B0,23B1,23B4,23B5,23D0,23DC-23E1,24C7
core+=,24C8,25A0,25A1,25B2-25B7,25BC,25BD,25C0,25C1,25C6,25C7,25CA,25CB,25CF,25EF,2605,2606,2660-2667,266D-266F,2713
core+=,2720,27C2,27D5-27D7,27E6-27EB,27EE,27EF,27F5-27FF,2983,2984,29B5,29EB,2A00-2A06,2A0C,2A1D,2A2F,2A3F,2A5E,2A74
core+=,2A7D,2A7E,2A85-2A8C,2A95,2A96,2AAF,2AB0,2AB5-2ABA,2AC5,2AC6,2ACB,2ACC,2B1C
core+=,1D434-1D467,1D6A4,1D6A5,1D6E2-1D71B
# Bold, script, fraktur, double-struck, sans-serif and monospaced letters and digits.
letters=1D400-1D433,1D468-1D6A3,1D6A8-1D6E1,1D71C-1D7FF

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/python"
"$scratch/python/bin/pip" install --quiet fonttools==4.68.0 brotli==1.2.1
npm pack --silent --pack-destination "$scratch" @fontsource/stix-two-math@5.3.0 > /dev/null
tar -xzf "$scratch"/*.tgz -C "$scratch"
"$scratch/python/bin/python" - "$scratch/package/files/stix-two-math-latin-400-normal.woff2" "$scratch/font.ttf" << 'PYTHON'
import sys
from fontTools.misc.transform import Transform
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

font = TTFont(sys.argv[1])
glyphs, names, variants = font.getGlyphSet(), font.getBestCmap(), font["MATH"].table.MathVariants


def transform(name, x_scale, x_move, y_scale, y_move, margin):
    pen = TTGlyphPen(None)
    glyphs[name].draw(TransformPen(pen, Transform(x_scale, 0, 0, y_scale, x_move, y_move)))
    glyph = pen.glyph()
    glyph.recalcBounds(font["glyf"])
    return glyph, (round(font["hmtx"][name][0] * x_scale + margin), glyph.xMin)


def replace(changed):
    for name, (glyph, metrics) in changed.items():
        font["glyf"][name], font["hmtx"][name] = glyph, metrics


# Primes are made for lines of text. Those of scripts, which the feature `ssty` should choose, are not in this font.
primes = {names[c] for c in (*range(0x2032, 0x2038), 0x2057)}
replace({name: transform(name, 1.35, -60, 1.75, -658, -110) for name in primes})

# Chromium leaves as much room for each root as for the widest part of one.
root = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(names[0x221A])]
parts = {record.VariantGlyph for record in root.MathGlyphVariantRecord}
parts |= {part.glyph for part in root.GlyphAssembly.PartRecords}
wide = {name: 880 / font["hmtx"][name][0] for name in parts if font["hmtx"][name][0] > 880}
replace({name: transform(name, scale, 0, 1, 0, 0) for name, scale in wide.items()})

# The heads of some arrows say that the line goes on behind them, so that Chromium does not stretch them.
coverage = variants.HorizGlyphCoverage.glyphs
for construction in variants.HorizGlyphConstruction:
    last = construction.GlyphAssembly and construction.GlyphAssembly.PartRecords[-1]
    if last and last.StartConnectorLength == 0:
        last.StartConnectorLength, last.EndConnectorLength = last.EndConnectorLength, 0

# Chromium stretches the spacing forms of accents (MathML Core, appendix B.2), which have no larger ones.
order = font.getReverseGlyphMap()
for spacing, combining in ((0x2DC, 0x303), (0x2C7, 0x30C), (0x2C6, 0x302)):
    larger = variants.HorizGlyphConstruction[coverage.index(names[combining])]
    coverage.append(names[spacing])
    variants.HorizGlyphConstruction.append(larger)
pairs = sorted(zip(coverage, variants.HorizGlyphConstruction), key=lambda pair: order[pair[0]])
variants.HorizGlyphCoverage.glyphs = [glyph for glyph, _ in pairs]
variants.HorizGlyphConstruction = [construction for _, construction in pairs]
variants.HorizGlyphCount = len(pairs)
font.flavor = None
font.save(sys.argv[2])
PYTHON
font=$scratch/font.ttf

# subset CHARACTERS FILE
subset() {
    "$scratch/python/bin/pyftsubset" "$font" --flavor=woff2 --no-hinting --desubroutinize \
        --layout-features=ssty,dtls,flac,ccmp,mark,mkmk --unicodes="$1" --output-file="$2"
}
subset "$core" static/math.woff2
subset "$letters" static/math-letters.woff2
cp "$scratch/package/LICENSE" static/math-LICENSE.txt
ls -l static/math*
