#!/usr/bin/env bash
# Makes the fonts of formulas, static/math.woff2 and static/math-letters.woff2: subsets of STIX Two Math (SIL Open Font
# License 1.1) with the characters that are listed here, and the larger forms and parts that its table MATH has for them.
# The list is written by hand: made from the text of formulas, it would lack what no text holds, such as the sign of roots.
#
#   tests/math-font.sh
#
# It needs npm, and python3 with venv. Run it after a change of the lists, and change `unicode-range` in static/math.css.
set -euo pipefail
cd "$(dirname "$0")/.."

# Latin, Greek, italic letters, operators, arrows, brackets, accents.
core=20-7E,A0-B7,D7,F7,131,237,2BC,2C6,2C7,2D8-2DD,300-30C,338,391-3A9,3B1-3C9,3D1,3D5,3D6,3F0,3F1,3F4,3F5
core+=,2000-200B,2010-2027,2030-2037,2043,2044,2057,2061-2064,20D0-20D2,20D6,20D7,20DB,20DC,20E1,20EC-20EF
core+=,2102,210A-211D,2124,2126-2128,212B-2138,213C-2140,2145-2149,2190-21AE,21B0,21B1,21BC-21CC,21CE-21D5,21DA-21DD
core+=,2200-22FF,2308-230B,231C-2323,2329,232A,23B0,23B1,23B4,23B5,23D0,23DC-23E1
core+=,25A0,25A1,25B2-25B7,25BC,25BD,25C0,25C1,25C6,25C7,25CA,25CB,25CF,25EF,2605,2606,2660-2667,266D-266F,2713
core+=,27C2,27E6-27EB,27F5-27FF,2A00-2A06,2A0C,2A2F,2A3F,2A7D,2A7E,2A85-2A88,2AAF,2AB0,2B1C
core+=,1D434-1D467,1D6A4,1D6A5,1D6E2-1D71B
# Bold, script, fraktur, double-struck, sans-serif and monospaced letters and digits.
letters=1D400-1D433,1D468-1D6A3,1D6A8-1D6E1,1D71C-1D7FF

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/python"
"$scratch/python/bin/pip" install --quiet fonttools==4.68.0 brotli==1.2.1
npm pack --silent --pack-destination "$scratch" @fontsource/stix-two-math@5.3.0 > /dev/null
tar -xzf "$scratch"/*.tgz -C "$scratch"
font=$scratch/package/files/stix-two-math-latin-400-normal.woff2

# subset CHARACTERS FILE
subset() {
    "$scratch/python/bin/pyftsubset" "$font" --flavor=woff2 --no-hinting --desubroutinize \
        --layout-features=ssty,dtls,flac,ccmp,mark,mkmk --unicodes="$1" --output-file="$2"
}
subset "$core" static/math.woff2
subset "$letters" static/math-letters.woff2
cp "$scratch/package/LICENSE" static/math-LICENSE.txt
ls -l static/math*
