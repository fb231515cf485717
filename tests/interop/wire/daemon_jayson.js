// jayson against the daemon: one connection for each call, so every call carries its token.
'use strict';
const assert = require('assert');
const crypto = require('crypto');
const jayson = require(process.argv[2]);
const client = jayson.client.tcp({host: '127.0.0.1', port: Number(process.env.WIRE_PORT)});
const token = process.env.WIRE_TOKEN;

const meta = (params, key) => ({...params, _meta: {token, key, lang: 'zh'}});
const ask = (method, params) => new Promise((resolve, reject) =>
  client.request(method, params, (err, answer) => (err ? reject(err) : resolve(answer))));
const tell = (method, params) => new Promise((resolve, reject) =>
  client.request(method, params, null, (err) => (err ? reject(err) : resolve())));

(async () => {
  assert.deepStrictEqual((await ask('echo', {text: '枫桥'})).result.text, '枫桥');
  assert.strictEqual((await ask('inbox.list', {})).error.code, 1001);
  const unknown = (await ask('case.opne', {})).error;
  assert.strictEqual(unknown.code, -32601);
  assert.strictEqual(unknown.data.did_you_mean, 'case.open');

  const key = crypto.randomUUID();
  const form = {flow: 'people_mediation', place: process.env.WIRE_PLACE, fields: {subject: '道路积水'}};
  const opened = (await ask('case.open', meta(form, key))).result;
  assert.strictEqual(opened.version, 1);
  const again = (await ask('case.open', meta(form, key))).result;
  assert.strictEqual(again._meta.replayed, true);
  delete again._meta;
  assert.deepStrictEqual(again, opened);

  await tell('case.note', meta({case: opened.case, text: '没有人能得知结果'}, crypto.randomUUID()));
  const stale = (await ask('case.act',
    meta({case: opened.case, action: '受理', expect_version: 7}, crypto.randomUUID()))).error;
  assert.strictEqual(stale.code, 1011);

  const answers = await new Promise((resolve, reject) => client.request([
    client.request('case.timeline', meta({case: opened.case}), undefined, false),
    client.request('case.get', meta({case: '不存在-1'}), undefined, false),
    client.request('ping', {}, undefined, false),
  ], (err, all) => (err ? reject(err) : resolve(all))));
  assert.strictEqual(answers[0].result.items.length, 1); // the notification was not executed
  assert.strictEqual(answers[1].error.code, 1003);
  assert.ok(answers[2].result);

  const doc = (await ask('rpc.discover', {})).result;
  assert.ok(doc.methods.length > 40 && doc.methods.every((m) => m.summary && m.examples.length));
  console.log('jayson and the daemon: call, error, replay, conflict, batch, notification, discovery');
  process.exit(0);
})().catch((err) => {
  console.error(err);
  process.exit(1);
});
