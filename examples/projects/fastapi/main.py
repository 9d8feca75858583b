import os
from contextlib import asynccontextmanager

import psycopg
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse


async def connect():
    """The address says by which authority the database is checked, too."""
    return await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"], autocommit=True)


@asynccontextmanager
async def lifespan(_):
    async with await connect() as database:
        await database.execute("CREATE TABLE IF NOT EXISTS notes (id serial PRIMARY KEY, text text NOT NULL)")
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/", response_class=HTMLResponse)
async def home():
    async with await connect() as database:
        row = await (await database.execute("SELECT count(*) FROM notes")).fetchone()
    return f"<h1>It works</h1><p>Notes: {row[0]}</p>"


@app.get("/notes")
async def list_notes() -> list[str]:
    async with await connect() as database:
        rows = await (await database.execute("SELECT text FROM notes ORDER BY id")).fetchall()
    return [text for (text,) in rows]


@app.post("/notes", status_code=201)
async def add_note(request: Request):
    async with await connect() as database:
        text = (await request.body()).decode()
        await database.execute("INSERT INTO notes (text) VALUES (%s)", [text])
