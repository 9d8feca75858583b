import express from "express";
import pg from "pg";

// The URL also names the certificate authority that verifies the database.
const database = new pg.Pool({ connectionString: process.env.DATABASE_URL });
// The pool replaces an idle connection that breaks, so that is no reason to exit.
database.on("error", (error) => console.error(error.message));
await database.query("CREATE TABLE IF NOT EXISTS notes (id serial PRIMARY KEY, text text NOT NULL)");

const app = express();

app.get("/", async (_request, response) => {
  const { rows } = await database.query("SELECT count(*) FROM notes");
  response.send(`<h1>It works</h1><p>Notes: ${rows[0].count}</p>`);
});

app.get("/notes", async (_request, response) => {
  const { rows } = await database.query("SELECT text FROM notes ORDER BY id");
  response.json(rows.map(({ text }) => text));
});

app.post("/notes", express.text({ type: () => true }), async (request, response) => {
  await database.query("INSERT INTO notes (text) VALUES ($1)", [request.body]);
  response.sendStatus(201);
});

app.listen(process.env.PORT ?? 3000);
