"""What each element of an RSS or Atom feed says, for feeds in good order: one short function an element, found by its name.

The names of the facts are feedparser's, and so is the sense where elements contradict each other.
"""

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from creatorbot.sources.feed_moments import NotUnderstoodError, moment_of

ATOM = "http://www.w3.org/2005/atom"
_SPACES = {
    "": "",
    ATOM: "",
    "http://purl.org/rss/1.0/modules/content/": "content_",
    "http://purl.org/dc/elements/1.1/": "dc_",
    "http://purl.org/dc/terms/": "dcterms_",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes_",
    "http://search.yahoo.com/mrss/": "media_",
    "http://search.yahoo.com/mrss": "media_",
    "https://podcastindex.org/namespace/1.0": "podcast_",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast_",
    "http://purl.org/rss/1.0/modules/syndication/": "sy_",
    "http://purl.org/syndication/thread/1.0": "thr_",
    "http://activitystrea.ms/spec/1.0/": "activity_",
    "http://www.youtube.com/xml/schemas/2015": "yt_",
    "http://creativecommons.org/ns#license": "cc_",
    "http://web.resource.org/cc/": "cc_",
    "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativecommons_",
    "http://backend.userland.com/creativecommonsrssmodule": "creativecommons_",
}
_C1 = re.compile("[\x80-\x9f]")
_HTML = ("text/html", "html", "application/xhtml+xml", "xhtml")
_TEXT_TYPES = ("", "text", "html", "plain", "text/html", "text/plain")
_MAIL = re.compile(r"[\w.+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,20}(?:\s+\(([^()@<>]*)\))?")
Facts = dict[str, object]


def take_all(place: Element, facts: Facts, *, deep: bool) -> None:
    """Add what all elements in this one say. deep: inside a group of media, where only its own elements count."""
    for child in place:
        name = name_of(child)
        if name == "image":
            raise NotUnderstoodError
        if deep and name not in _NESTED:
            continue
        take(child, name, facts)


def take(child: Element, name: str, facts: Facts) -> None:
    """Add what this element of that name says. Raises NotUnderstoodError."""
    if handler := _HANDLERS.get(name):
        handler(child, facts)
    elif key := _KEPT.get(name):
        facts[key] = _text(child)


def name_of(element: Element) -> str:
    """ "media_thumbnail" for an element of a namespace we know, "" for others."""
    tag: str = element.tag
    if tag[0] != "{":
        return tag.lower()
    space, _, local = tag[1:].partition("}")
    prefix = _SPACES.get(space.lower())
    return "" if prefix is None else prefix + local.lower()


def _text(element: Element) -> str:
    if len(element):
        raise NotUnderstoodError
    text = (element.text or "").strip()
    if text.isascii():
        return text
    try:  # UTF-8 that was taken for Latin-1 and encoded once more
        text = text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        pass
    if _C1.search(text):
        raise NotUnderstoodError
    return text


def _typed_text(element: Element) -> str:
    if element.get("type", "").lower() not in _TEXT_TYPES or element.get("mode"):
        raise NotUnderstoodError
    return _text(element)


def _list(facts: Facts, name: str) -> list[dict[str, object]]:
    return facts.setdefault(name, [])  # type: ignore[return-value]


def _title(element: Element, facts: Facts) -> None:
    if not facts.get("named"):
        facts["title"] = facts["named"] = _typed_text(element)


def _media_title(element: Element, facts: Facts) -> None:
    if not facts.get("named"):
        facts["title"] = _typed_text(element)


def _source(element: Element, facts: Facts) -> None:
    facts["named"] = ""  # after a word on where it comes from, feedparser takes another title


def _summary(element: Element, facts: Facts) -> None:
    text = _typed_text(element)
    if "summary" in facts and not facts.get("content"):
        _list(facts, "content").append({"value": text})
    elif "summary" not in facts or element.tag[-11:] != "description" or "media" not in element.tag:
        facts["summary"] = text


def _content(element: Element, facts: Facts) -> None:
    text = _typed_text(element)
    _list(facts, "content").append({"value": text})
    facts.setdefault("summary", text)


def _link(element: Element, facts: Facts) -> None:
    rel = element.get("rel", "alternate").lower()
    mime = element.get("type", "application/atom+xml" if rel == "self" else "text/html").lower()
    href = element.get("url") or element.get("uri") or element.get("href")
    if href is not None:
        _list(facts, "links").append({"rel": rel, "type": mime, "href": href})
        if rel == "alternate" and mime in _HTML:
            facts["link"] = href
    elif text := _text(element):
        facts["link"] = re.sub(r"&([A-Za-z0-9_]+);", r"&\1", text.replace("&amp;", "&")) if "&" in text else text
        _list(facts, "links").append({"rel": rel, "type": mime, "href": facts["link"]})


def _id(element: Element, facts: Facts) -> None:
    facts["id"] = _text(element)
    if _attributes(element).get("ispermalink", "true") == "true":
        facts.setdefault("link", facts["id"])


def _attributes(element: Element) -> dict[str, object]:
    return {name.lower(): value.lower() if name.lower() in ("rel", "type") else value for name, value in element.items()}


def _author(element: Element, facts: Facts) -> None:
    if len(element):
        name = next((_text(child) for child in element if name_of(child) == "name"), "")
        if name:
            facts["author_detail"] = {"name": name}
        return
    name = _text(element)
    if "@" in name:
        found = _MAIL.fullmatch(name)
        if found is None:
            raise NotUnderstoodError
        name = (found.group(1) or "").strip()
        facts.setdefault("author_detail", {"name": name})
    if name:
        facts.setdefault("author_detail", {"name": name})
        facts["author"] = name


def _category(element: Element, facts: Facts) -> None:
    marks = element.attrib
    told = marks.get("term") or marks.get("text") or marks.get("label")
    _tag(facts, [told or "", _text(element) if not len(element) else ""])


def _keywords(element: Element, facts: Facts) -> None:
    _tag(facts, _text(element).split(","))


def _tag(facts: Facts, words: list[str]) -> None:
    _list(facts, "tags").extend({"term": word.strip()} for word in words if word.strip())


def _published(element: Element, facts: Facts) -> None:
    facts["published_parsed"] = moment_of(_text(element))


def _updated(element: Element, facts: Facts) -> None:
    facts["updated_parsed"] = moment_of(_text(element))


def _enclosure(element: Element, facts: Facts) -> None:
    marks = _attributes(element)
    if href := marks.get("url") or marks.get("uri") or marks.get("href"):
        _list(facts, "links").append({"rel": "enclosure", "type": marks.get("type", ""), "href": href})


def _media_group(element: Element, facts: Facts) -> None:
    take_all(element, facts, deep=True)


def _media_content(element: Element, facts: Facts) -> None:
    _list(facts, "media_content").append(_attributes(element))
    take_all(element, facts, deep=True)


def _thumbnail(element: Element, facts: Facts) -> None:
    _list(facts, "media_thumbnail").append({"url": element.get("url") or _text(element)})


def _rating(element: Element, facts: Facts) -> None:
    facts.setdefault("media_rating", {"content": _text(element)})


def _image(element: Element, facts: Facts) -> None:
    if href := element.get("href") or element.get("url"):
        facts["image"] = {"href": href}


def feed_image(element: Element, facts: Facts) -> None:
    """Add the picture of a whole RSS feed."""
    for child in element:
        if name_of(child) == "url" and (url := _text(child)):
            facts["image"] = {"href": url}


def _licence(element: Element, facts: Facts) -> None:
    facts[name_of(element)] = {**_attributes(element), "content": _text(element)}


def _licence_link(element: Element, facts: Facts) -> None:
    about = next((value for name, value in element.items() if name.endswith("resource")), "")
    if href := about or _text(element):
        _list(facts, "links").append({"rel": "license", "type": "", "href": href})


def _answer(element: Element, facts: Facts) -> None:
    facts["thr_in-reply-to"] = _attributes(element)


_HANDLERS: dict[str, Callable[[Element, Facts], None]] = {
    **dict.fromkeys(("title", "dc_title"), _title),
    **dict.fromkeys(("description", "dc_description", "media_description", "summary", "itunes_summary"), _summary),
    **dict.fromkeys(("content", "content_encoded"), _content),
    **dict.fromkeys(("guid", "id"), _id),
    **dict.fromkeys(("author", "managingeditor", "dc_creator", "dc_author", "itunes_author"), _author),
    **dict.fromkeys(("category", "dc_subject", "itunes_category", "media_category"), _category),
    **dict.fromkeys(("itunes_keywords", "media_keywords"), _keywords),
    **dict.fromkeys(("pubdate", "published", "issued", "dcterms_issued"), _published),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), _updated),
    **dict.fromkeys(("podcast_license", "media_license"), _licence),
    **dict.fromkeys(("cc_license", "creativecommons_license"), _licence_link),
    "media_title": _media_title,
    "link": _link,
    "source": _source,
    "enclosure": _enclosure,
    "media_group": _media_group,
    "media_content": _media_content,
    "media_thumbnail": _thumbnail,
    "media_rating": _rating,
    "itunes_image": _image,
    "thr_in-reply-to": _answer,
}
_NESTED = (
    "media_title",
    "media_description",
    "media_content",
    "media_thumbnail",
    "media_rating",
    "media_license",
    "media_keywords",
    "media_category",
)
_KEPT = {
    name: name
    for name in (
        *("generator", "logo", "subtitle", "ttl", "sy_updateperiod", "sy_updatefrequency", "podcast_medium", "podcast_guid"),
        *("itunes_new-feed-url", "itunes_episode", "itunes_episodetype", "itunes_season", "itunes_explicit", "yt_videoid"),
        "activity_verb",
        *("dc_identifier", "isrc", "upc"),
    )
} | dict.fromkeys(("rights", "copyright", "dc_rights"), "rights")
