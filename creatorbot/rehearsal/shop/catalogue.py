"""What the practice shop sells: three releases by one artist, more on demand, each described as Bandcamp describes its own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from creatorbot.rehearsal.state import Doc, State

ARTIST, PLACE, CURRENCY, BAND = "Aoife Marsh", "Galway, Ireland", "EUR", 2718281828
BIO = "Fiddle, voice and a field recorder. Songs from the edge of the water."

# Documents laid out as the shop writes them, a group of fields to a line.
# fmt: off


@dataclass(frozen=True)
class Release:
    """One release.

    price: "open" (name your price), "floor" (minimum or more, in EUR) or "free". days: its age when the shop first opened.
    """

    number: int
    title: str
    slug: str
    kind: Literal["album", "track"]
    price: Literal["open", "floor", "free"]
    floor: float
    licence: str
    about: str
    tags: tuple[str, ...]
    tracks: tuple[tuple[str, int], ...]
    days: int = 0

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/{self.kind}/{self.slug}"

    @property
    def art(self) -> int:
        """The number of its cover."""
        return self.number + 7

    @property
    def price_words(self) -> str:
        """What the shop's button says."""
        return {"open": "name your price", "floor": f"€{self.floor:g} EUR or more", "free": "Free Download"}[self.price]


RELEASES = (
    Release(1618033988, "Tall Ships", "tall-ships", "album", "open", 0, "",
            "Eight tunes for the ships that still come in at night.", ("folk", "fiddle", "sea songs", "Galway"),
            (("Harbour Bar", 214), ("Tall Ships", 251), ("Ropewalk", 187), ("Night Watch", 302)), 12),
    Release(1414213562, "A Song for the Last Tram", "a-song-for-the-last-tram", "track", "floor", 5, "",
            "Written on the last tram, recorded on the first.", ("folk", "singer-songwriter", "Galway"),
            (("A Song for the Last Tram", 233),), 90),
    Release(1732050807, "Harbour Lights", "harbour-lights", "album", "free", 0, "by-sa/4.0",
            "Field recordings from eleven harbours. Take them, change them, share them alike.", ("ambient", "field recordings", "Galway"),
            (("Inner Light", 412), ("Fog Signal", 366), ("Outer Light", 398)), 400),
)
LATER = (
    Release(2236067977, "Winter Letters", "winter-letters", "album", "open", 0, "",
            "Letters that were never sent, set for voice and fiddle.", ("folk", "winter", "Galway"),
            (("Dear Tom", 201), ("Second Snow", 244))),
    Release(2449489742, "Low Tide", "low-tide", "track", "floor", 2, "by/4.0",
            "A slow air for the hour when the boats lie on their sides.", ("folk", "slow air", "Galway"), (("Low Tide", 288),)),
    Release(2645751311, "The Quiet Mile", "the-quiet-mile", "album", "open", 0, "",
            "Walking tunes.", ("folk", "walking", "Galway"), (("First Mile", 195), ("The Quiet Mile", 263), ("Last Mile", 210))),
)


def on_sale(state: State) -> list[tuple[Release, datetime]]:
    """What is out, newest first, with the moment it came out (UTC)."""
    born = datetime.fromtimestamp(state.setting("born"), UTC)
    added = [datetime.fromtimestamp(seconds, UTC) for seconds in state.setting("added", [])]
    first = [(one, born - timedelta(days=one.days)) for one in RELEASES]
    return [*reversed(list(zip(LATER, added, strict=False))), *first]


def add_one(state: State) -> Release | None:
    """Another release comes out now; None when all are out."""
    with state.transaction():
        added = state.setting("added", [])
        if len(added) >= len(LATER):
            return None
        state.set("added", [*added, state.now()])
        return LATER[len(added)]


def gmt(moment: datetime) -> str:
    """A time as Bandcamp writes it."""
    return moment.strftime("%d %b %Y %H:%M:%S GMT")


def day_of(moment: datetime) -> str:
    """A release date as Bandcamp writes it: midnight."""
    return moment.strftime("%d %b %Y 00:00:00 GMT")


def band(base: str) -> Doc:
    """data-band of every page."""
    return {"id": BAND, "name": ARTIST, "subdomain": "practice", "url": base, "local_url": base, "currency": CURRENCY, "is_label": False,
            "sites": [], "url_hints": {"subdomain": "practice", "custom_domain": None}}


def image(base: str, release: Release, size: int) -> str:
    """A cover's address; size is Bandcamp's number for it (10: 1200 pixels)."""
    return f"{base}/img/a{release.art:010}_{size}.jpg"


def tralbum(base: str, release: Release, out: datetime) -> Doc:
    """data-tralbum of a release page: the price rule's fields lie in `current`."""
    free, floor = release.price == "free", release.price == "floor"
    return {
        "current": {
            "title": release.title, "type": release.kind, "id": release.number, "about": release.about, "credits": None,
            "art_id": release.art,
            "band_id": BAND, "selling_band_id": BAND, "artist": None, "upc": None, "private": None, "killed": None,
            "download_pref": 1 if free else 2, "require_email": 1 if floor else None, "is_set_price": None, "set_price": 7.0,
            "minimum_price": release.floor, "minimum_price_nonzero": release.floor or None,
            "new_date": gmt(out), "mod_date": gmt(out), "publish_date": gmt(out), "release_date": day_of(out),
            **({"license_type": 6 if release.licence == "by/4.0" else 1} if release.kind == "track" else {}),
        },
        "item_type": release.kind, "id": release.number, "url": base + release.path, "artist": ARTIST, "art_id": release.art,
        "album_is_preorder": False if release.kind == "album" else None,
        "album_release_date": day_of(out) if release.kind == "album" else None,
        "is_preorder": False, "freeDownloadPage": None if floor else f"{base}/download?id={release.number}", "FREE": 1, "PAID": 2,
        "defaultPrice": 9.0, "packages": None, "hasAudio": True, "tralbum_subscriber_only": False, "album_url": None,
        "trackinfo": [
            {"id": release.number + place, "track_id": release.number + place, "title": name, "duration": float(length), "track_num": place,
             "title_link": f"/track/{release.slug}-{place}", "streaming": 1, "unreleased_track": False, "is_downloadable": True,
             "has_free_download": None}
            for place, (name, length) in enumerate(release.tracks, 1)
        ],
    }


def ld_json(base: str, release: Release, out: datetime) -> Doc:
    """The page's description for search engines; the offer carries price and currency."""
    kind, address = release.kind[0], base + release.path
    words = {"": ("All Rights Reserved", "all_rights_reserved"), "by-sa/4.0": ("Attribution-ShareAlike", "attribution_share_alike"),
             "by/4.0": ("Attribution", "attribution")}[release.licence]
    facts = [{"@type": "PropertyValue", "name": "item_id", "value": release.number},
             {"@type": "PropertyValue", "name": "item_type", "value": kind},
             {"@type": "PropertyValue", "name": "art_id", "value": release.art}]
    entry = {
        "@type": ["MusicRelease", "Product"], "@id": address, "name": release.title, "additionalProperty": facts,
        "image": [image(base, release, 10)],
        "musicReleaseFormat": "DigitalFormat", "offers": {
            "@type": "Offer", "url": f"{address}#{kind}{release.number}-buy", "priceCurrency": CURRENCY,
            "priceSpecification": {"minPrice": release.floor}, "availability": "OnlineOnly"},
    }
    common: Doc = {
        "@context": "https://schema.org", "@id": address, "mainEntityOfPage": address, "name": release.title,
        "image": image(base, release, 10),
        "datePublished": gmt(out), "dateModified": gmt(out), "description": release.about, "keywords": list(release.tags),
        "byArtist": {"@type": "MusicGroup", "name": ARTIST, "@id": base}, "copyrightNotice": words[0],
        "publisher": {"@type": "MusicGroup", "name": ARTIST, "@id": base, "foundingLocation": {"@type": "Place", "name": PLACE}},
        "additionalProperty": [{"@type": "PropertyValue", "name": "license_name", "value": words[1]}],
    }
    if release.kind == "track":
        return {**common, "@type": "MusicRecording", "duration": _length(release.tracks[0][1]),
                "inAlbum": {"@type": "MusicAlbum", "name": release.title, "albumRelease": [entry]}}
    listed = [
        {"@type": "ListItem", "position": place, "item": {
            "@type": "MusicRecording", "@id": f"{base}/track/{release.slug}-{place}", "name": name, "duration": _length(length),
            "copyrightNotice": words[0], "additionalProperty": [
                {"@type": "PropertyValue", "name": "track_id", "value": release.number + place},
                {"@type": "PropertyValue", "name": "license_name", "value": words[1]}]}}
        for place, (name, length) in enumerate(release.tracks, 1)
    ]
    return {**common, "@type": "MusicAlbum", "albumReleaseType": "AlbumRelease", "albumRelease": [entry], "numTracks": len(listed),
            "track": {"@type": "ItemList", "numberOfItems": len(listed), "itemListElement": listed}}


def _length(seconds: int) -> str:
    return f"P00H{seconds // 60:02}M{seconds % 60:02}S"
