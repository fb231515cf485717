// json-rpc-2.0 over a plain socket: 1000 pipelined calls and what the server pushes.
'use strict';
const assert = require('assert');
const net = require('net');
const readline = require('readline');
const {JSONRPCClient} = require(process.argv[2]);

const socket = net.connect(Number(process.env.WIRE_PORT), '127.0.0.1');
const client = new JSONRPCClient((request) => socket.write(JSON.stringify(request) + '\n'));
const pushed = [];
readline.createInterface({input: socket}).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.method) {
    pushed.push(message.params.seq);
  } else {
    client.receive(message);
  }
});

(async () => {
  const answers = await Promise.all(
    Array.from({length: 1000}, (_, i) => client.request('echo', {text: String(i)})));
  answers.forEach((a, i) => assert.strictEqual(a.text, String(i)));
  await assert.rejects(client.request('toy.fail', {}), (err) => err.code === 1010);
  const subscribed = await client.request('toy.subscribe', {events: 20});
  assert.strictEqual(subscribed.subscription, 's1');
  await client.request('ping', {}); // answered behind the events
  assert.deepStrictEqual(pushed, Array.from({length: 20}, (_, i) => i + 1));
  console.log('json-rpc-2.0: 1000 pipelined calls, error, 20 pushed events');
  process.exit(0);
})().catch((err) => {
  console.error(err);
  process.exit(1);
});
