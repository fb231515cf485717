// jayson opens a connection for each call and takes the first frame for the answer: the server must
// not say a word unasked. Versions 5 and 4.
'use strict';
const assert = require('assert');
const jayson = require(process.argv[2]);
const client = jayson.client.tcp({host: '127.0.0.1', port: Number(process.env.WIRE_PORT)});

const ask = (method, params, id) => new Promise((resolve, reject) => {
  const done = (err, answer) => (err ? reject(err) : resolve(answer));
  if (id === null) {
    client.request(method, params, null, done);
  } else {
    client.request(method, params, done);
  }
});

(async () => {
  const answer = await ask('echo', {text: '枫桥'});
  assert.deepStrictEqual(answer.result, {text: '枫桥'});

  const positional = await ask('echo', ['单个参数']);
  assert.deepStrictEqual(positional.result, {text: '单个参数'});

  const error = await ask('pingg', {});
  assert.strictEqual(error.error.code, -32601);
  assert.strictEqual(error.error.data.did_you_mean, 'ping');

  const own = await ask('toy.fail', {});
  assert.strictEqual(own.error.code, 1010);
  assert.strictEqual(own.error.data.kind, 'state_conflict');

  const batch = await new Promise((resolve, reject) => client.request([
    client.request('echo', {text: 'a'}, undefined, false),
    client.request('toy.fail', {}, undefined, false),
    client.request('ping', {}, undefined, false),
  ], (err, answers) => (err ? reject(err) : resolve(answers))));
  assert.strictEqual(batch.length, 3);
  assert.deepStrictEqual(batch.map((a) => !!a.error), [false, true, false]);

  await ask('echo', {text: 'nobody waits for this'}, null); // a notification

  const many = await Promise.all(Array.from({length: 50}, (_, i) => ask('echo', {text: `n${i}`})));
  many.forEach((a, i) => assert.strictEqual(a.result.text, `n${i}`));
  console.log('jayson: call, error, batch, notification, 50 at once');
  process.exit(0);
})().catch((err) => {
  console.error(err);
  process.exit(1);
});
