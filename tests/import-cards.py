"""The cards of a few notes → Anki's own library: an import changes what was edited and nothing else."""

import subprocess
import sys
import tempfile
from pathlib import Path

from anki.collection import Collection, ImportCsvRequest

PROGRAM = sys.argv[1]
NOTE = """---
tags: [两阶段 提交, b]
---
# 一致性

> [!question]- 为什么 $x < 1$，而 "引号" 不是？
> 因为 <u>不是</u>。
>
> ```c
> int main() {
> \treturn a < b && "x";
> }
> ```
>
> $$
> \\sum_i x_i
> $$

- CAP :: 一致性、**可用性**
"""
CODE = "<pre><code>int main() {<br>&#9;return a &lt; b &amp;&amp; &quot;x&quot;;<br>}</code></pre>"


def export(folder):
    """Writes the cards of a folder and gives the file."""
    cards = folder / "cards.txt"
    subprocess.run([PROGRAM, "cards", folder, "-o", cards], check=True)
    return str(cards)


def load(collection, path):
    """Imports a file as Anki does, with what its head says and no choice of a person."""
    metadata = collection.get_csv_metadata(path, delimiter=None)
    log = collection.import_csv(ImportCsvRequest(path=path, metadata=metadata)).log
    return len(log.new), len(log.updated)


def equal(found, expected):
    assert found == expected, f"\nfound    {found!r}\nexpected {expected!r}"


def note_of(collection, words):
    """The only note whose front holds some words."""
    notes = [collection.get_note(note) for note in collection.find_notes("")]
    (found,) = [note for note in notes if words in note["Front"]]
    return found


def main(folder):
    notes = folder / "notes"
    notes.mkdir()
    (notes / "notes.yaml").write_text("title: 笔记\ncards: true\n", encoding="utf-8")
    (notes / "README.md").write_text("# 笔记\n", encoding="utf-8")
    (notes / "a.md").write_text(NOTE, encoding="utf-8")
    collection = Collection(str(folder / "collection.anki2"))
    equal(load(collection, export(notes)), (2, 0))

    question = note_of(collection, "为什么")
    equal(question["Front"], '为什么 \\(x &lt; 1\\)，而 &quot;引号&quot; 不是？')
    assert "因为 <u>不是</u>。" in question["Back"], question["Back"]
    assert CODE in question["Back"], question["Back"]
    assert "\\[\\sum_i x_i\\]" in question["Back"], question["Back"]
    equal(sorted(question.tags), ["b", "两阶段_提交"])
    equal([collection.decks.name(card.did) for card in question.cards()], ["笔记::一致性"])
    equal(question.note_type()["name"], "Basic")
    line = note_of(collection, "CAP")
    equal(line.fields, ["CAP", "一致性、<strong>可用性</strong>"])

    # A review, which later imports must keep.
    collection.decks.select(line.cards()[0].did)
    card = collection.sched.getCard()
    card.start_timer()
    collection.sched.answerCard(card, 4)
    reviewed = collection.get_card(card.id)
    state = (reviewed.reps, reviewed.due, reviewed.ivl, reviewed.type)
    equal(reviewed.reps, 1)

    equal(load(collection, export(notes))[0], 0)
    # The answers alone are others, and there is one more question that another note asks, too.
    edited = NOTE.replace("因为 <u>不是</u>。", "因为\t别的。").replace("一致性、**", "一致、**")
    (notes / "a.md").write_text(edited, encoding="utf-8")
    (notes / "b.md").write_text("# 别的\n\nCAP :: 另一个答案\n", encoding="utf-8")
    equal(load(collection, export(notes))[0], 1)
    equal(collection.note_count(), 3)
    equal(collection.card_count(), 3)
    assert "<p>因为 别的。</p>" in note_of(collection, "为什么")["Back"]
    backs = sorted(collection.get_note(note)["Back"] for note in collection.find_notes("Front:CAP"))
    equal(backs, ["一致、<strong>可用性</strong>", "另一个答案"])
    kept = collection.get_card(card.id)
    equal((kept.reps, kept.due, kept.ivl, kept.type), state)
    equal(collection.db.scalar("select count() from revlog"), 1)
    collection.close()


with tempfile.TemporaryDirectory() as folder:
    main(Path(folder))
print("Anki imports the cards, and keeps its reviews of them")
