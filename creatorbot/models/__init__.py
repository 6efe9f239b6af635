"""The tables, one file a noun. Tables only: no behaviour, no queries."""

from creatorbot.models.account import Account, Authorisation, Server
from creatorbot.models.announcement import Announcement
from creatorbot.models.artist import Artist, Invitation, LoginSession, LoginTry, Member, Person
from creatorbot.models.backup import Pairing, StandIn
from creatorbot.models.engagement import Booster, Engagement, Measuring, PostRemoval, PostReply
from creatorbot.models.installation import Admission, Heartbeat, Installation, Rehearsal
from creatorbot.models.link import DaySalt, JournalPosition, Link, Reach, Referrer, ServerMet, Visit, VisitorDay, VisitTotal
from creatorbot.models.payment import PAID, Candidate, Checkout, Credit, Notice, Payment, PaymentService
from creatorbot.models.planning import ArtistDate, AutoAnnouncement, Boost, Consent, PostingRules, Slot, SourceAutomation
from creatorbot.models.post import Attempt, Post, PostChange, PostEdit
from creatorbot.models.release import Cover, MergeSuggestion, Release, ReleaseChange, ReleasePlace
from creatorbot.models.sending import Sending
from creatorbot.models.source import Fetch, Handover, HandoverKey, Push, Pushed, Source, SourceItem
from creatorbot.models.standing import AccountLook
from creatorbot.models.telling import Mail, MailItem, MailServer, TellingMark, Told, Wish
from creatorbot.models.wording import Extras, KeptWording, OtherWording

__all__ = [
    "PAID",
    "Account",
    "AccountLook",
    "Admission",
    "Announcement",
    "Artist",
    "ArtistDate",
    "Attempt",
    "Authorisation",
    "AutoAnnouncement",
    "Boost",
    "Booster",
    "Candidate",
    "Checkout",
    "Consent",
    "Cover",
    "Credit",
    "DaySalt",
    "Engagement",
    "Extras",
    "Fetch",
    "Handover",
    "HandoverKey",
    "Heartbeat",
    "Installation",
    "Invitation",
    "JournalPosition",
    "KeptWording",
    "Link",
    "LoginSession",
    "LoginTry",
    "Mail",
    "MailItem",
    "MailServer",
    "Measuring",
    "Member",
    "MergeSuggestion",
    "Notice",
    "OtherWording",
    "Pairing",
    "Payment",
    "PaymentService",
    "Person",
    "Post",
    "PostChange",
    "PostEdit",
    "PostRemoval",
    "PostReply",
    "PostingRules",
    "Push",
    "Pushed",
    "Reach",
    "Referrer",
    "ServerMet",
    "Rehearsal",
    "Release",
    "ReleaseChange",
    "ReleasePlace",
    "Sending",
    "Server",
    "Slot",
    "Source",
    "SourceAutomation",
    "SourceItem",
    "StandIn",
    "TellingMark",
    "Told",
    "Visit",
    "VisitTotal",
    "VisitorDay",
    "Wish",
]
