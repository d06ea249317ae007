// The peer: oidc-provider with a store in memory (its own holds a thousand things at most), a confidential client, one access token, and many refresh tokens.
// Run by tests/bench/peer.py: node peer.mjs PORT COUNT FILE
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import { Provider } from 'oidc-provider';

const [port, count, file] = process.argv.slice(2);
const client = { client_id: 'bench', client_secret: 'bench-secret-bench-secret-bench-secret', redirect_uris: ['https://app.test/cb'],
  grant_types: ['authorization_code', 'refresh_token'] };
const stored = new Map();
class Memory {
  constructor(name) { this.name = name; }
  key(id) { return `${this.name}:${id}`; }
  async upsert(id, payload) {
    stored.set(this.key(id), payload);
    if (payload.uid) stored.set(`uid:${payload.uid}`, id);
  }
  async find(id) { return stored.get(this.key(id)); }
  async findByUid(uid) { return this.find(stored.get(`uid:${uid}`)); }
  async findByUserCode() { return undefined; }
  async destroy(id) { stored.delete(this.key(id)); }
  async consume(id) { stored.get(this.key(id)).consumed = Math.floor(Date.now() / 1000); }
  async revokeByGrantId(grantId) {
    for (const [key, payload] of stored) if (payload.grantId === grantId) stored.delete(key);
  }
}
const provider = new Provider(`http://127.0.0.1:${port}`, {
  adapter: Memory,
  clients: [client],
  rotateRefreshToken: true,
  scopes: ['openid', 'offline_access', 'read'],
  features: { devInteractions: { enabled: false } },
  cookies: { keys: ['bench'] },
  ttl: { AccessToken: 7200, RefreshToken: 86400, Grant: 86400, IdToken: 3600, Session: 86400, Interaction: 3600 },
  findAccount: async (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, name: 'Ann Ameland', username: 'ann' }) }),
});
const known = await provider.Client.find('bench');
// Refreshing without `openid`, so that no id_token is signed: that is work which an access token alone does not need.
const [reading, staying] = ['openid', 'read offline_access'];

async function granted(accountId, scope) {
  const grant = new provider.Grant({ accountId, clientId: 'bench' });
  grant.addOIDCScope(scope);
  return grant.save();
}

const accountId = 'ann';
const common = { accountId, client: known, gty: 'authorization_code', claims: {} };
const access = await new provider.AccessToken({ ...common, scope: reading, grantId: await granted(accountId, reading) }).save();
const refresh = [];
for (let number = 0; number < Number(count); number += 1) {
  const grantId = await granted(accountId, staying);
  refresh.push(await new provider.RefreshToken({ ...common, scope: staying, grantId }).save());
}
writeFileSync(file, JSON.stringify({ access, refresh, secret: client.client_secret }));
createServer(provider.callback()).listen(Number(port), '127.0.0.1', () => console.log('ready'));
