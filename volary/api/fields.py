"""What a request selects: `*.fields` and `expansions`, checked against X's names (X facts 5.2).

Every name of X's is accepted, of the legacy vocabulary and of the new one; a field that has no value here is left out, as X leaves
out fields without a value. A name that X does not have is refused and the allowed ones are listed.
"""

from functools import lru_cache

import msgspec

from volary.api.errors import InvalidRequest
from volary.api.vocabulary import Vocabulary, spoken

_POST = frozenset(
    "article article_title attachments author_id card_uri community_id context_annotations conversation_id created_at "
    "display_text_range edit_controls edit_history_post_ids edit_history_tweet_ids entities geo id in_reply_to_user_id lang "
    "matched_media_notes media_metadata non_public_metrics note_post note_request_suggestions note_tweet organic_metrics "
    "paid_partnership possibly_sensitive promoted_metrics public_metrics referenced_posts referenced_tweets reply_settings "
    "scopes source suggested_source_links suggested_source_links_with_counts text withheld".split()
)
_USER = frozenset(
    "affiliation confirmed_email connection_status created_at description entities id is_identity_verified location "
    "most_recent_post_id most_recent_tweet_id name parody pinned_post_id pinned_tweet_id profile_banner_url "
    "profile_image_url protected public_metrics receives_your_dm subscribes_to_you subscription subscription_type url "
    "username verified verified_followers_count verified_type withheld".split()
)
_MEDIA = frozenset(
    "alt_text duration_ms height media_key non_public_metrics organic_metrics preview_image_url promoted_metrics "
    "public_metrics type url variants width".split()
)
_POLL = frozenset("duration_minutes end_datetime id options voting_status".split())
_PLACE = frozenset("contained_within country country_code full_name geo id name place_type".split())
_MESSAGE = frozenset(
    "attachments created_at dm_conversation_id entities event_type id participant_ids referenced_posts referenced_tweets "
    "sender_id text".split()
)
_SPACE = frozenset(
    "created_at creator_id ended_at host_ids id invited_user_ids is_ticketed lang participant_count scheduled_start "
    "speaker_ids started_at state subscriber_count title topic_ids updated_at".split()
)
_TOPIC = frozenset("description id name".split())
_LIST = frozenset("created_at description follower_count id member_count name owner_id private".split())

SELECTORS: dict[str, tuple[str, frozenset[str]]] = {
    "tweet.fields": ("post", _POST),
    "post.fields": ("post", _POST),
    "user.fields": ("user", _USER),
    "media.fields": ("media", _MEDIA),
    "poll.fields": ("poll", _POLL),
    "place.fields": ("place", _PLACE),
    "dm_event.fields": ("message", _MESSAGE),
    "list.fields": ("list", _LIST),
    "space.fields": ("space", _SPACE),
    "topic.fields": ("topic", _TOPIC),
}
"""Each selecting parameter: the kind that it speaks of, and the names that it may hold."""

_POST_EXPANSIONS = frozenset(
    "article.cover_media article.media_entities attachments.media_keys attachments.media_source_tweet "
    "attachments.poll_ids author_id edit_history_post_ids edit_history_tweet_ids entities.mentions.username "
    "entities.note.mentions.username geo.place_id in_reply_to_user_id referenced_posts referenced_tweets.id "
    "referenced_tweets.id.attachments.media_keys referenced_tweets.id.author_id username".split()
)
EXPANSIONS: dict[str, frozenset[str]] = {
    "post": _POST_EXPANSIONS,
    "user": frozenset(
        "affiliation affiliation.user_id most_recent_post_id most_recent_tweet_id pinned_post_id pinned_tweet_id".split()
    ),
    "message": frozenset(
        "attachments.media_keys participant_ids referenced_posts referenced_tweets.id sender_id".split()
    ),
    "list": frozenset({"owner_id"}),
    "space": frozenset({"creator_id", "host_ids", "invited_user_ids", "speaker_ids", "topic_ids"}),
}
"""The expansions that an answer of each kind may be asked for."""


class Selection(msgspec.Struct, frozen=True):
    """What a request selects: field names by kind, expansions, and the vocabulary that it speaks."""

    fields: dict[str, frozenset[str]] = {}
    expansions: frozenset[str] = frozenset()
    vocabulary: Vocabulary = Vocabulary.BOTH

    def of(self, kind: str) -> frozenset[str]:
        """The fields selected for one kind, beyond its defaults."""
        return self.fields.get(kind, frozenset())


NOTHING = Selection()


@lru_cache(maxsize=2048)
def selection(kind: str, parameters: tuple[tuple[str, str], ...]) -> Selection:
    """Read the selecting parameters of a request whose answer is of one kind. Raises InvalidRequest for a name X does not have."""
    fields: dict[str, frozenset[str]] = {}
    expansions: frozenset[str] = frozenset()
    for name, text in parameters:
        values = tuple(text.split(","))
        if name == "expansions":
            allowed = EXPANSIONS.get(kind, frozenset())
            expansions = _checked(name, values, allowed)
        else:
            of, allowed = SELECTORS[name]
            fields[of] = fields.get(of, frozenset()) | _checked(name, values, allowed)
    return Selection(fields, expansions, spoken((name for name, _ in parameters), expansions))


def _checked(parameter: str, values: tuple[str, ...], allowed: frozenset[str]) -> frozenset[str]:
    for value in values:
        if value not in allowed:
            listed = ",".join(sorted(allowed))
            text = f"The `{parameter}` query parameter value [{value[:100]}] is not one of [{listed}]"
            raise InvalidRequest(text, parameter, (value[:100],))
    return frozenset(values)
