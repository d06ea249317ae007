// What an app does with twitter-api-v2: reads on standard input where the server is and as whom, does each step, tells on standard output how
// each ended. Names of hosts stay X's; the agent leads every connection to the server under test.
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { connect } from "node:net";
import { TwitterApi } from "twitter-api-v2";

const told = JSON.parse(readFileSync(0, "utf8"));
const here = new Agent();
here.createConnection = (options, done) => connect(told.port, "127.0.0.1", done);
const signing = (who) =>
  new TwitterApi(
    { appKey: told.key, appSecret: told.secret, accessToken: who.token, accessSecret: who.secret },
    { httpAgent: here },
  );
const ann = signing(told.ann);
const carol = signing(told.carol);
const bearing = new TwitterApi(told.bearer, { httpAgent: here });
const person = new TwitterApi(told.access, { httpAgent: here });
const annId = told.ann.id;
const carolId = told.carol.id;
const kept = {};
const picture = Buffer.from(told.picture, "base64");

const is = (found, wanted) => {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
  }
};
const has = (list, id) => {
  if (!list.some((one) => one.id === id)) throw new Error(`${id} is not in ${JSON.stringify(list)}`);
};

const steps = {
  me: async () => is((await ann.v2.me({ "user.fields": ["public_metrics"] })).data.username, "ann"),
  user: async () => is((await bearing.v2.user(carolId)).data.id, carolId),
  users: async () => is((await bearing.v2.users([annId, carolId])).data.length, 2),
  userByUsername: async () => is((await bearing.v2.userByUsername("carol_c")).data.id, carolId),
  usersByUsernames: async () => is((await bearing.v2.usersByUsernames(["ann", "carol_c"])).data.length, 2),
  tweet: async () => {
    kept.post = (await ann.v2.tweet("By twitter-api-v2 #bees")).data.id;
    kept.carols = (await carol.v2.tweet("Carol, by twitter-api-v2, to @ann")).data.id;
  },
  reply: async () => (kept.reply = (await carol.v2.reply("an answer", kept.post)).data.id),
  quote: async () => (kept.quote = (await carol.v2.quote("a quote", kept.post)).data.id),
  tweetThread: async () => is((await ann.v2.tweetThread(["first of two", "second of two"])).length, 2),
  poll: async () =>
    (kept.poll = (await ann.v2.tweet("Which?", { poll: { options: ["a", "b"], duration_minutes: 60 } })).data.id),
  singleTweet: async () => {
    const got = await ann.v2.singleTweet(kept.quote, {
      expansions: ["author_id", "referenced_tweets.id", "referenced_tweets.id.author_id"],
      "tweet.fields": ["referenced_tweets", "public_metrics"],
    });
    is(got.data.referenced_tweets, [{ type: "quoted", id: kept.post }]);
    has(got.includes.tweets, kept.post);
  },
  pollOfTweet: async () => {
    const got = await ann.v2.singleTweet(kept.poll, { expansions: ["attachments.poll_ids"] });
    is(got.includes.polls[0].options.map((one) => one.label), ["a", "b"]);
  },
  tweets: async () => is((await person.v2.tweets([kept.post, kept.reply])).data.length, 2),
  quotes: async () => has((await ann.v2.quotes(kept.post)).tweets, kept.quote),
  hideReply: async () => is((await ann.v2.hideReply(kept.reply, true)).data.hidden, true),
  unhideReply: async () => is((await ann.v2.hideReply(kept.reply, false)).data.hidden, false),
  like: async () => is((await ann.v2.like(annId, kept.carols)).data.liked, true),
  userLikedTweets: async () => has((await ann.v2.userLikedTweets(annId)).tweets, kept.carols),
  tweetLikedBy: async () => has((await carol.v2.tweetLikedBy(kept.carols)).data, annId),
  unlike: async () => is((await ann.v2.unlike(annId, kept.carols)).data.liked, false),
  retweet: async () => is((await ann.v2.retweet(annId, kept.carols)).data.retweeted, true),
  tweetRetweetedBy: async () => has((await ann.v2.tweetRetweetedBy(kept.carols)).data, annId),
  unretweet: async () => is((await ann.v2.unretweet(annId, kept.carols)).data.retweeted, false),
  bookmark: async () => is((await person.v2.bookmark(kept.carols)).data.bookmarked, true),
  bookmarks: async () => has((await person.v2.bookmarks()).tweets, kept.carols),
  deleteBookmark: async () => is((await person.v2.deleteBookmark(kept.carols)).data.bookmarked, false),
  follow: async () => is((await ann.v2.follow(annId, carolId)).data.following, true),
  following: async () => has((await ann.v2.following(annId)).data, carolId),
  followers: async () => has((await ann.v2.followers(carolId)).data, annId),
  homeTimeline: async () => has((await ann.v2.homeTimeline()).tweets, kept.carols),
  userTimeline: async () => has((await ann.v2.userTimeline(carolId, { exclude: "replies" })).tweets, kept.carols),
  userMentionTimeline: async () => has((await ann.v2.userMentionTimeline(annId)).tweets, kept.carols),
  paginator: async () => {
    let pages = await ann.v2.userTimeline(annId, { max_results: 5 });
    await pages.fetchLast(20);
    has(pages.tweets, kept.post);
  },
  search: async () => {
    for (let tries = 0; ; tries += 1) {
      const found = await ann.v2.search("#bees from:ann");
      if (found.tweets.some((one) => one.id === kept.post)) return;
      if (tries > 300) throw new Error("the post is never found");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  },
  tweetCountRecent: async () => {
    const got = await bearing.v2.tweetCountRecent("#bees");
    if (!(got.meta.total_tweet_count > 0)) throw new Error(JSON.stringify(got));
  },
  unfollow: async () => is((await ann.v2.unfollow(annId, carolId)).data.following, false),
  mute: async () => is((await ann.v2.mute(annId, carolId)).data.muting, true),
  userMutingUsers: async () => has((await ann.v2.userMutingUsers(annId)).users, carolId),
  unmute: async () => is((await ann.v2.unmute(annId, carolId)).data.muting, false),
  block: async () => is((await ann.v2.block(annId, carolId)).data.blocking, true),
  userBlockingUsers: async () => has((await ann.v2.userBlockingUsers(annId)).users, carolId),
  unblock: async () => is((await ann.v2.unblock(annId, carolId)).data.blocking, false),
  createList: async () => (kept.list = (await ann.v2.createList({ name: "bee people" })).data.id),
  updateList: async () => is((await ann.v2.updateList(kept.list, { description: "who keeps bees" })).data.updated, true),
  addListMember: async () => is((await ann.v2.addListMember(kept.list, carolId)).data.is_member, true),
  list: async () => is((await ann.v2.list(kept.list, { "list.fields": ["member_count"] })).data.member_count, 1),
  listMembers: async () => has((await ann.v2.listMembers(kept.list)).users, carolId),
  listMemberships: async () => has((await ann.v2.listMemberships(carolId)).lists, kept.list),
  listTweets: async () => has((await ann.v2.listTweets(kept.list)).tweets, kept.carols),
  listsOwned: async () => has((await ann.v2.listsOwned(annId)).lists, kept.list),
  subscribeToList: async () => is((await carol.v2.subscribeToList(carolId, kept.list)).data.following, true),
  listFollowers: async () => has((await ann.v2.listFollowers(kept.list)).users, carolId),
  listFollowed: async () => has((await carol.v2.listFollowed(carolId)).lists, kept.list),
  unsubscribeOfList: async () => is((await carol.v2.unsubscribeOfList(carolId, kept.list)).data.following, false),
  pinList: async () => is((await ann.v2.pinList(annId, kept.list)).data.pinned, true),
  unpinList: async () => is((await ann.v2.unpinList(annId, kept.list)).data.pinned, false),
  removeListMember: async () => is((await ann.v2.removeListMember(kept.list, carolId)).data.is_member, false),
  removeList: async () => is((await ann.v2.removeList(kept.list)).data.deleted, true),
  sendDmToParticipant: async () => {
    const sent = await ann.v2.sendDmToParticipant(carolId, { text: "by twitter-api-v2" });
    kept.conversation = sent.dm_conversation_id ?? sent.data.dm_conversation_id;
    kept.event = sent.dm_event_id ?? sent.data.dm_event_id;
  },
  sendDmInConversation: async () => ann.v2.sendDmInConversation(kept.conversation, { text: "once more" }),
  createDmConversation: async () =>
    ann.v2.createDmConversation({
      conversation_type: "Group",
      participant_ids: [carolId, told.dave.id],
      message: { text: "to both" },
    }),
  listDmEvents: async () => has((await carol.v2.listDmEvents()).events, kept.event),
  listDmEventsWithParticipant: async () => has((await carol.v2.listDmEventsWithParticipant(annId)).events, kept.event),
  listDmEventsOfConversation: async () =>
    has((await carol.v2.listDmEventsOfConversation(kept.conversation)).events, kept.event),
  uploadMediaV1: async () => (kept.media = await ann.v1.uploadMedia(picture, { mimeType: "image/png" })),
  tweetWithMedia: async () => {
    const made = await ann.v2.tweet("with a picture", { media: { media_ids: [kept.media] } });
    const got = await ann.v2.singleTweet(made.data.id, {
      expansions: ["attachments.media_keys"],
      "media.fields": ["url", "type", "width"],
    });
    is(got.includes.media[0].type, "photo");
  },
  uploadMediaV2: async () => {
    const media = await person.v2.uploadMedia(picture, { media_type: "image/png" });
    await person.v2.createMediaMetadata(media, { alt_text: { text: "a red square" } });
    await person.v2.tweet("with another picture", { media: { media_ids: [media] } });
  },
  spaces: async () => {
    is((await person.v2.space(told.space)).data.id, told.space);
    is((await person.v2.spaces([told.space])).data.length, 1);
    has((await person.v2.spacesByCreators([annId])).data, told.space);
    has((await person.v2.searchSpaces({ query: "bees", state: "all" })).data, told.space);
  },
  verifyCredentials: async () => is((await ann.v1.verifyCredentials()).screen_name, "ann"),
  tweetV1: async () => is((await ann.v1.tweet("by the older call")).user.screen_name, "ann"),
  deleteTweet: async () => is((await ann.v2.deleteTweet(kept.post)).data.deleted, true),
  rateLimits: async () => is(typeof (await ann.v2.me()).data.id, "string"),
};

const results = {};
for (const [name, step] of Object.entries(steps)) {
  try {
    await step();
    results[name] = "";
  } catch (error) {
    results[name] = `${error.message} ${JSON.stringify(error.data ?? "")} ${error.request?.path ?? ""}`.trim();
  }
}
process.stdout.write(JSON.stringify(results));
