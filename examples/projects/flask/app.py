import os

import psycopg
from flask import Flask, request

app = Flask(__name__)


def connect():
    """The address says by which authority the database is checked, too."""
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


with connect() as database:
    database.execute("CREATE TABLE IF NOT EXISTS notes (id serial PRIMARY KEY, text text NOT NULL)")


@app.get("/")
def home():
    with connect() as database:
        (count,) = database.execute("SELECT count(*) FROM notes").fetchone()
    return f"<h1>It works</h1><p>Notes: {count}</p>"


@app.get("/notes")
def list_notes():
    with connect() as database:
        return [text for (text,) in database.execute("SELECT text FROM notes ORDER BY id")]


@app.post("/notes")
def add_note():
    with connect() as database:
        database.execute("INSERT INTO notes (text) VALUES (%s)", [request.get_data(as_text=True)])
    return "", 201
