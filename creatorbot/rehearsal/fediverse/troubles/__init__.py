"""The practice fediverse's table of troubles. To add one: one row here, and it is on the page and in the control address."""

from creatorbot.rehearsal.faults import Fault, cut
from creatorbot.rehearsal.fediverse.troubles import answers, places
from creatorbot.rehearsal.fediverse.troubles.answers import WRONG_CLOCK_S, error, html, limited, of_status, said, sent_on

OUT, NOTHING, ACCOUNT, SERVER = "The post goes out, but …", "Nothing goes out, because …", "The account", "The server"
NOT_READY = "Cannot attach files that have not finished processing. Try again in a moment!"
TOO_LONG = "Validation failed: Text character limit of 500 exceeded"
NO_IMAGE = "Validation failed: File content type is invalid, File is invalid"

TABLE: dict[str, Fault] = {
    "executed_answer_lost": Fault("the answer gets lost", places.publish, True, cut, 0, OUT),
    "executed_half": Fault("the answer is cut off in the middle", places.publish, True, answers.half, 0, OUT),
    "executed_slow": Fault("the answer takes very long", places.publish, True, answers.slow, 40, OUT),
    "executed_drip": Fault("the answer comes drop by drop", places.publish, True, answers.drip, 60, OUT),
    "executed_flood": Fault("the answer does not end for a hundred megabytes", places.publish, True, answers.flood, 0, OUT),
    "executed_504": Fault("a machine in between gives up", places.publish, True, html(504, "Gateway Time-out"), 0, OUT),
    "executed_408": Fault("a machine in between finds us too slow", places.publish, True, html(408, "Request Timeout"), 0, OUT),
    "executed_500": Fault("the server breaks down over it", places.publish, True, html(500, "We are sorry"), 0, OUT),
    "executed_html_200": Fault("the answer cannot be read", places.publish, True, html(200, "Just a moment"), 0, OUT),
    "downgraded": Fault("more quietly than asked for", places.publish, True, of_status(answers.unlisted), 0, OUT),
    "rewritten": Fault("the server puts its own words there", places.new_post, True, of_status(answers.rewritten), 0, OUT),
    "picture_dropped": Fault("without its picture", places.new_post, True, of_status(answers.without_picture), 0, OUT),
    "upload_prepares": Fault("its picture takes a moment to be prepared", places.upload, True, answers.preparing(2, fails=False), 0, OUT),
    "not_executed_503": Fault("the server is overloaded", places.publish, False, html(503, "Service Unavailable"), 0, NOTHING),
    "overloaded_503": Fault(
        "the server is overloaded; it says to wait a little",
        places.publish,
        False,
        error(503, "server too busy", {"Retry-After": "30"}),
        0,
        NOTHING,
    ),
    "answer_lost": Fault("the connection ends too early", places.publish, False, cut, 0, NOTHING),
    "cloudflare_520": Fault("a machine in between answers nonsense", places.publish, False, html(520, "Unknown error"), 0, NOTHING),
    "rate_limited": Fault("there were too many posts; it says to wait a little", places.publish, False, limited(answers.iso), 60, NOTHING),
    "rate_limited_silent": Fault("there were too many posts; it does not say for how long", places.publish, False, limited(), 0, NOTHING),
    "rate_limited_past": Fault(
        "there were too many posts; it says to come back an hour ago", places.publish, False, limited(answers.iso), -3600, NOTHING
    ),
    "rate_limited_number": Fault(
        "there were too many posts; it says until when in seconds since 1970",
        places.publish,
        False,
        limited(lambda moment: str(int(moment))),
        60,
        NOTHING,
    ),
    "html_200": Fault("of maintenance, and a page says so", places.publish, False, html(200, "Down for maintenance"), 0, NOTHING),
    "id_less_200": Fault("of an error it does not call one", places.publish, False, error(200, "Something went wrong"), 0, NOTHING),
    "empty_list_200": Fault("of an error, and the answer is an empty list", places.publish, False, said(200, []), 0, NOTHING),
    "vanished": Fault("it is thrown away, and the server says it was posted", places.publish, True, of_status(answers.dropped), 0, NOTHING),
    "too_long_422": Fault("the server finds the post too long", places.publish, False, error(422, TOO_LONG), 0, NOTHING),
    "not_ready_422": Fault("its picture is not ready yet", places.new_post, False, error(422, NOT_READY), 0, NOTHING),
    "upload_fails": Fault("its picture is no good after all", places.upload, True, answers.preparing(1, fails=True), 0, NOTHING),
    "media_refused_422": Fault("the server refuses the picture", places.upload, False, error(422, NO_IMAGE), 0, NOTHING),
    "upload_503": Fault("the server takes no pictures at the moment", places.upload, False, html(503, "Service Unavailable"), 0, NOTHING),
    "revoked": Fault("Its permission for creatorbot was taken back", places.with_token, False, answers.revoked, 0, ACCOUNT),
    "forbidden_disabled": Fault(
        "It is locked, or has moved away", places.with_token, False, error(403, "Your login is currently disabled"), 0, ACCOUNT
    ),
    "search_lags": Fault("New posts appear late among its own posts", places.listing, True, answers.lag, 30, ACCOUNT),
    "search_pages": Fault("Its own posts are shown one at a time", places.listing, True, answers.one_a_page, 0, ACCOUNT),
    "search_503": Fault("Its own posts cannot be looked through", places.listing, False, html(503, "Service Unavailable"), 0, ACCOUNT),
    "edits_off": Fault(
        "It lets nobody change a post", places.change, False, error(404, "Post editing is not enabled on this server."), 0, SERVER
    ),
    "edit_ignored": Fault("It says yes to a change and keeps the old words", places.change, True, of_status(answers.unchanged), 0, SERVER),
    "sparse": Fault("It tells only the barest of each post", places.reading, True, answers.sparse, 0, SERVER),
    "clock_behind": Fault("Its clock is forty minutes behind", places.reading, True, answers.clock(-WRONG_CLOCK_S), 0, SERVER),
    "clock_ahead": Fault("Its clock is forty minutes ahead", places.reading, True, answers.clock(WRONG_CLOCK_S), 0, SERVER),
    "no_description": Fault("It does not say what it is", places.description, False, html(404, "Not found"), 0, SERVER),
    "redirect_301": Fault("It has moved to another address", places.publish, False, sent_on(301), 0, SERVER),
    "redirect_308": Fault("It sends us on to another server", places.publish, False, sent_on(308, "elsewhere.example"), 0, SERVER),
    "down": Fault("It hangs up at once, whatever it is asked", places.anything, False, cut, 0, SERVER),
    "refused": Fault("It is switched off for a while", places.nothing, False, cut, 20, SERVER),
}
