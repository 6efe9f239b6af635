"""Every sentence people read can be translated, and speaks plainly."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from tests.shape import messages
from tests.shape.messages import TEMPLATE

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "templates").rglob("*.html"))
NAMES = {"creatorbot", "Stripe", "Mastodon", "Bandcamp", "https"}
UNTRANSLATED = re.compile(r"[A-Za-z]{2,}")
# Words a cello player must not need. Only whole words, only in what people read.
JARGON = re.compile(r"\b(webhooks?|OAuth|tokens?|cron|ActivityPub|UTM|API|JSON|backend|endpoint|payload|regex|UUID)\b", re.IGNORECASE)
# What the person at the terminal needs, and what stands on somebody else's page where the artist has to find it.
MAY_BE_TECHNICAL = re.compile(
    r"CREATORBOT_|`creatorbot|make run|--data|Print it as JSON|PostgreSQL|Create restricted key"
    r"|Access the Threads API|User Token Generator|access token”"
    r"|ko-fi\.com/manage/webhooks|Verification Token"
)


@cache
def collect() -> Catalog:
    """All sentences of the program, looked for once."""
    return messages.collect()


def bare(text: str) -> list[str]:
    """What a page shows without passing gettext: words in its text and in the attributes that are read aloud or shown."""
    text = re.sub(r"\{#.*?#\}|<!--.*?-->|<style.*?</style>|<script.*?</script>", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{%-?\s*trans.*?endtrans\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}", " ", text, flags=re.DOTALL)
    shown = re.findall(r"""\b(?:alt|title|placeholder|aria-label|content)\s*=\s*"([^"]*)\"""", text) if "<meta" not in text else []
    words = UNTRANSLATED.findall(re.sub(r"&\w+;", " ", " ".join([re.sub(r"<[^>]*>|[\w-]+=\"[^\"]*\"", " ", text), *shown])))
    return [word for word in words if word not in NAMES]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_page_has_no_words_of_its_own(page: Path) -> None:
    assert bare(page.read_text(encoding="utf-8")) == []


def test_words_left_bare_are_found() -> None:
    assert bare('<p class="note">Hello {{ name }}</p><input placeholder="Your name">') == ["Hello", "Your", "name"]
    assert bare("<p>{{ _('Hello') }}</p>") == []


def test_the_template_for_translators_is_current() -> None:
    with TEMPLATE.open("rb") as file:
        kept = {message.id for message in read_po(file) if message.id}
    now = {message.id for message in collect() if message.id}
    assert kept == now, "run: make messages"


def test_the_sentences_of_each_kind_are_among_them() -> None:
    found = {message.id for message in collect()}
    assert "Bring the database up to date" in found  # marked with N_
    assert any("running already with the data folder" in str(one) for one in found)  # the first argument of one of our errors
    assert len(found) > 200


def test_translators_can_start_from_it() -> None:
    with TEMPLATE.open("rb") as file:
        template = read_po(file)
    german = Catalog(locale="de")
    for message in template:
        if message.id:
            german.add(message.id, flags=message.flags)
    written = BytesIO()
    write_po(written, german)
    assert len(read_po(BytesIO(written.getvalue()), locale="de")) == len(template)


def test_sentences_speak_plainly() -> None:
    spoken = [str(message.id) for message in collect() if message.id]
    assert [one for one in spoken if JARGON.search(one) and not MAY_BE_TECHNICAL.search(one)] == []


def test_places_for_values_have_names() -> None:
    """%s cannot be moved around in another language."""
    assert [message.id for message in collect() if re.search(r"%[sdi]\b", str(message.id))] == []


def test_two_sentences_are_not_glued_together() -> None:
    """A choice between two sentences inside one call would be collected as one: mark each with N_."""
    assert [message.id for message in collect() if re.search(r"[a-z][.?!][A-Z]", str(message.id))] == []
