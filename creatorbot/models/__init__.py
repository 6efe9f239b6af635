"""The tables, one file a noun. Tables only: no behaviour, no queries."""

from creatorbot.models.account import Account, Authorisation, Server
from creatorbot.models.announcement import Announcement
from creatorbot.models.artist import Artist, Invitation, LoginSession, LoginTry, Member, Person
from creatorbot.models.installation import Admission, Heartbeat, Installation, Rehearsal
from creatorbot.models.link import DaySalt, JournalPosition, Link, Reach, Visit, VisitorDay, VisitTotal
from creatorbot.models.payment import Candidate, Checkout, Credit, Notice, Payment, PaymentService
from creatorbot.models.post import Attempt, Post, PostChange, PostEdit
from creatorbot.models.release import Cover, MergeSuggestion, Release, ReleaseChange, ReleasePlace
from creatorbot.models.source import Fetch, Handover, HandoverKey, Push, Pushed, Source, SourceItem

__all__ = [
    "Account",
    "Admission",
    "Announcement",
    "Artist",
    "Attempt",
    "Authorisation",
    "Candidate",
    "Checkout",
    "Cover",
    "Credit",
    "DaySalt",
    "Fetch",
    "Handover",
    "HandoverKey",
    "Heartbeat",
    "Installation",
    "Invitation",
    "JournalPosition",
    "Link",
    "LoginSession",
    "LoginTry",
    "Member",
    "MergeSuggestion",
    "Notice",
    "Payment",
    "PaymentService",
    "Person",
    "Post",
    "PostChange",
    "PostEdit",
    "Push",
    "Pushed",
    "Reach",
    "Rehearsal",
    "Release",
    "ReleaseChange",
    "ReleasePlace",
    "Server",
    "Source",
    "SourceItem",
    "Visit",
    "VisitTotal",
    "VisitorDay",
]
