import pytest

from volary.api.vocabulary import Vocabulary, spoken

OLD, NEW, BOTH = Vocabulary.OLD, Vocabulary.NEW, Vocabulary.BOTH


@pytest.mark.parametrize(
    ("parameters", "expansions", "expected"),
    [
        ([], [], BOTH),
        (["user.fields"], ["author_id"], BOTH),
        (["tweet.fields"], [], OLD),
        (["post.fields"], [], NEW),
        (["expansions"], ["referenced_tweets.id"], OLD),
        (["expansions"], ["referenced_posts"], NEW),
        (["tweet.fields", "post.fields"], [], BOTH),
    ],
)
def test_a_request_shows_which_words_it_speaks(
    parameters: list[str], expansions: list[str], expected: Vocabulary
) -> None:
    assert spoken(parameters, expansions) is expected


def test_an_object_carries_the_names_that_were_asked_for() -> None:
    pairs = [("retweet_count", "repost_count")]
    assert OLD.renamed({"retweet_count": 1, "like_count": 2}, pairs) == {"retweet_count": 1, "like_count": 2}
    assert NEW.renamed({"retweet_count": 1, "like_count": 2}, pairs) == {"repost_count": 1, "like_count": 2}
    assert BOTH.renamed({"retweet_count": 1}, pairs) == {"retweet_count": 1, "repost_count": 1}
