"""aiorpcx: call, error, batch, notification and push over one TCP connection."""

import asyncio
import os

import aiorpcx


class Session(aiorpcx.RPCSession):
    pushed = []

    async def handle_request(self, request):
        if isinstance(request, aiorpcx.Notification):
            self.pushed.append(request.args["seq"])


async def main():
    port = int(os.environ["WIRE_PORT"])
    async with aiorpcx.connect_rs("127.0.0.1", port, session_factory=Session) as session:
        assert await session.send_request("ping") == {}
        assert await session.send_request("echo", {"text": "枫桥"}) == {"text": "枫桥"}
        assert await session.send_request("echo", ["一个"]) == {"text": "一个"}

        try:
            await session.send_request("toy.fail")
            raise AssertionError("no error came")
        except aiorpcx.RPCError as error:
            assert error.code == 1010, error

        async with session.send_batch() as batch:
            batch.add_request("echo", {"text": "a"})
            batch.add_request("pingg")
            batch.add_request("ping")
        first, second, third = batch.results
        assert first == {"text": "a"} and third == {}, batch.results
        assert isinstance(second, aiorpcx.RPCError) and second.code == -32601

        await session.send_notification("ping")
        answers = await asyncio.gather(
            *(session.send_request("echo", {"text": str(i)}) for i in range(200)))
        assert [a["text"] for a in answers] == [str(i) for i in range(200)]

        await session.send_request("toy.subscribe", {"events": 10})
        await session.send_request("ping")
        assert session.pushed == list(range(1, 11)), session.pushed
    print("aiorpcx: call, error, batch, notification, 200 at once, 10 pushed events")


asyncio.run(asyncio.wait_for(main(), 30))
