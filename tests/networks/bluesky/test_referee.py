"""Bluesky's Python package, written by others from the same lexicons, as our referee: it speaks to our counterpart, and reads our posts."""

from atproto_client import Client, models
from atproto_client.models.utils import get_or_create

from tests.networks.bluesky.conftest import COVER, LINK, Met, draft
from tests.servers.bluesky import DID, HANDLE, PASSWORD


def test_our_posts_are_what_the_package_calls_posts(met: Met) -> None:
    for key, wanted in {"card": draft(), "picture": draft(card=None, picture=COVER), "warned": draft(content_warning="Nudity")}.items():
        made = met.network.publish(wanted, met.account, key=key, door=met.door)
        record = get_or_create(met.there.records[made.remote_id], models.AppBskyFeedPost.Record)
        assert isinstance(record, models.AppBskyFeedPost.Record)
        assert record.facets is not None
        links = [feature for facet in record.facets for feature in facet.features if isinstance(feature, models.AppBskyRichtextFacet.Link)]
        assert [link.uri for link in links] == [LINK]
        kinds = {"picture": models.AppBskyEmbedImages.Main}
        assert isinstance(record.embed, kinds.get(key, models.AppBskyEmbedExternal.Main))


def test_the_package_and_we_mean_the_same_by_our_counterpart(met: Met) -> None:
    client = Client(base_url=met.there.url)
    client.login(HANDLE, PASSWORD)
    ours = met.network.publish(draft(), met.account, key="ours", door=met.door)
    seen = client.get_posts([f"at://{DID}/app.bsky.feed.post/{ours.remote_id}"]).posts
    assert [post.author.handle for post in seen] == [HANDLE]
    theirs = client.com.atproto.repo.create_record(
        {
            "repo": DID,
            "collection": "app.bsky.feed.post",
            "rkey": "3lbxyzabcde2k",
            "record": {
                "$type": "app.bsky.feed.post",
                "text": "By other hands",
                "createdAt": client.get_current_time_iso().replace("+00:00", "Z"),
            },
        }
    )
    got = met.network.get(met.account, theirs.uri.rpartition("/")[2], met.door)
    assert got is not None
    assert got.url.endswith("3lbxyzabcde2k")
    listed = client.com.atproto.repo.list_records({"repo": DID, "collection": "app.bsky.feed.post"})
    assert len(listed.records) == 2
