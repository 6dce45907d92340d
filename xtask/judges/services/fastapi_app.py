"""A FastAPI application (OpenAPI 3.1): null type arrays, unions, multipart, server-sent events, lines, pages.

Usage: python fastapi_app.py PORT FOLDER
"""

import datetime
import enum
import sys
from typing import Annotated, Literal, Union

import uvicorn
from fastapi import Cookie, FastAPI, File, Form, Header, HTTPException, Query, Response, UploadFile
from fastapi.responses import PlainTextResponse, StreamingResponse
from fastapi.security import HTTPBearer
from fastapi import Depends
from pydantic import BaseModel, Field

app = FastAPI(title="Workshop", version="1.0.0")
bearer = HTTPBearer()


class Colour(str, enum.Enum):
    red = "red"
    dark_blue = "dark blue"


class Hammer(BaseModel):
    kind: Literal["hammer"]
    weight: float


class Saw(BaseModel):
    kind: Literal["saw"]
    teeth: int | None


Tool = Annotated[Union[Hammer, Saw], Field(discriminator="kind")]


class Bench(BaseModel):
    name: str = Field(min_length=1, max_length=20)
    colour: Colour | None = None
    built: datetime.date | None = None
    tools: list[Tool] = []
    size: tuple[int, int] | None = None
    notes: dict[str, str | int] = {}


class StoredBench(Bench):
    id: int
    seen: datetime.datetime


class Page(BaseModel):
    items: list[StoredBench]
    next_cursor: str | None


class Problem(BaseModel):
    code: str
    hint: str | None = None


class Tick(BaseModel):
    number: int


BENCHES: dict[int, StoredBench] = {}
MISSING = {404: {"model": Problem}}


def found(bench_id: int) -> StoredBench:
    if bench_id not in BENCHES:
        raise HTTPException(404, {"code": "missing"})
    return BENCHES[bench_id]


@app.exception_handler(HTTPException)
async def problem(request, error: HTTPException):
    detail = error.detail if isinstance(error.detail, dict) else {"code": str(error.detail)}
    return Response(Problem(**detail).model_dump_json(), error.status_code, media_type="application/json")


@app.post("/benches", status_code=201, operation_id="create_bench", dependencies=[Depends(bearer)])
async def create(bench: Bench) -> StoredBench:
    number = len(BENCHES) + 1
    BENCHES[number] = StoredBench(**bench.model_dump(), id=number, seen=datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.UTC))
    return BENCHES[number]


@app.get("/benches", operation_id="list_benches")
async def benches(cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=10)] = 2, colour: Annotated[list[Colour], Query()] = []) -> Page:
    rows = [bench for bench in BENCHES.values() if not colour or bench.colour in colour]
    start = int(cursor or 0)
    end = start + limit
    return Page(items=rows[start:end], next_cursor=str(end) if end < len(rows) else None)


@app.get("/benches/{bench_id}", responses=MISSING, operation_id="get_bench")
async def get(bench_id: int) -> StoredBench:
    return found(bench_id)


@app.patch("/benches/{bench_id}", responses=MISSING, operation_id="update_bench")
async def update(bench_id: int, colour: Colour | None, x_reason: Annotated[str | None, Header()] = None, session: Annotated[str | None, Cookie()] = None) -> StoredBench:
    bench = found(bench_id)
    bench.colour = colour
    bench.notes = {"reason": x_reason or "", "session": session or ""}
    return bench


@app.delete("/benches/{bench_id}", status_code=204, responses=MISSING, operation_id="delete_bench")
async def delete(bench_id: int):
    found(bench_id)
    del BENCHES[bench_id]


@app.post("/files", operation_id="upload_files")
async def upload(main: UploadFile, more: list[UploadFile], note: Annotated[str, Form()], parts: Annotated[list[int], Form()] = [], raw: Annotated[bytes | None, File()] = None) -> dict[str, str | int | None]:
    contents = [(await file.read()).decode() for file in more]
    return {"name": main.filename, "type": main.content_type, "main": (await main.read()).decode(), "more": ",".join(contents), "note": note, "parts": sum(parts), "raw": raw.decode() if raw else None}


@app.post("/login", operation_id="login")
async def login(user: Annotated[str, Form()], password: Annotated[str, Form()]) -> dict[str, str]:
    return {"token": f"{user}:{password}"}


@app.get("/download", operation_id="download", response_class=StreamingResponse, responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}})
async def download():
    return StreamingResponse((bytes([number % 256]) * 1024 for number in range(300)), media_type="application/octet-stream")


@app.get("/ticks", operation_id="ticks", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {"schema": {"$ref": "#/components/schemas/Tick"}}}}})
async def ticks(count: int = 3):
    return StreamingResponse((f": beat\r\nid: {number}\r\ndata: {{\"number\":\r\ndata: {number}}}\r\n\r\n" for number in range(count)), media_type="text/event-stream")


@app.get("/lines", operation_id="lines", response_class=StreamingResponse, responses={200: {"content": {"application/x-ndjson": {"schema": {"$ref": "#/components/schemas/Tick"}}}}})
async def lines(count: int = 3):
    return StreamingResponse((f'{{"number": {number}}}\n' for number in range(count)), media_type="application/x-ndjson")


@app.post("/tick", operation_id="tick")
async def tick(tick: Tick) -> Tick:
    return tick


@app.get("/text", operation_id="text", response_class=PlainTextResponse)
async def text(response: Response) -> str:
    return PlainTextResponse("größe".encode("latin-1"), headers={"content-type": "text/plain; charset=iso-8859-1", "x-request-id": "r-1"})


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
