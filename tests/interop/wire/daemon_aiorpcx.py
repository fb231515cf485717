"""aiorpcx against the daemon: a subscription is told of a case that is opened, in order."""

import asyncio
import os
import uuid

import aiorpcx

TOKEN = os.environ["WIRE_TOKEN"]


def meta(**more):
    return {"token": TOKEN, **more}


class Session(aiorpcx.RPCSession):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pushed = asyncio.Queue()

    async def handle_request(self, request):
        if request.method == "events.event":
            await self.pushed.put(request.args)


async def open_case(session, subject):
    return await session.send_request("case.open", {
        "flow": "people_mediation", "place": os.environ["WIRE_PLACE"],
        "fields": {"subject": subject}, "_meta": meta(key=str(uuid.uuid4()))})


async def main():
    port = int(os.environ["WIRE_PORT"])
    async with aiorpcx.connect_rs("127.0.0.1", port, session_factory=Session) as session:
        try:
            await session.send_request("events.subscribe", {})
            raise AssertionError("a stranger may subscribe")
        except aiorpcx.RPCError as error:
            assert error.code == 1001, error
        await session.send_request("events.subscribe", {"_meta": meta()})
        numbers = [(await open_case(session, "噪音%d" % i))["case"] for i in range(5)]
        events = [await session.pushed.get() for _ in numbers]
        assert [event["case"] for event in events] == numbers, (events, numbers)
        seqs = [event["seq"] for event in events]
        assert seqs == sorted(seqs) and len(set(seqs)) == 5, seqs

        async with session.send_batch() as batch:
            batch.add_request("case.list", {"limit": 2, "_meta": meta()})
            batch.add_request("case.get", {"case": numbers[0], "_meta": meta()})
            batch.add_request("case.get", {"case": numbers[0], "nothing": 1, "_meta": meta()})
        rows, page, refused = batch.results
        assert len(rows["items"]) == 2 and rows["next"], rows
        assert page["number"] == numbers[0], page
        assert isinstance(refused, aiorpcx.RPCError) and refused.code == -32602

    async with aiorpcx.connect_rs("127.0.0.1", port, session_factory=Session) as session:
        await session.send_request("events.subscribe", {"since": seqs[1], "_meta": meta()})
        events = [await session.pushed.get() for _ in range(3)]
        assert [event["seq"] for event in events] == seqs[2:], events
    print("aiorpcx and the daemon: push in order, resume by since, batch, errors")


asyncio.run(asyncio.wait_for(main(), 90))
