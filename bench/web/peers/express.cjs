// The same endpoints in Express and pg, as one would write them.
const express = require("express");
const { Pool } = require("pg");

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const app = express();
app.use(express.json());

app.get("/", (request, response) => response.json({ hostname: process.env.INSTANCE_NAME }));

app.get("/users", async (request, response) => {
  const { rows } = await pool.query("SELECT email, id, username FROM users ORDER BY id DESC LIMIT 100");
  response.json(rows);
});

app.post("/users", async (request, response) => {
  const { username, email } = request.body;
  if (typeof username !== "string" || typeof email !== "string")
    return response.status(400).json({ message: "wrong" });
  await pool.query("INSERT INTO users (username, email) VALUES ($1, $2)", [username, email]);
  response.status(201).json({ message: `user [${username}] added successfully` });
});

app.get("/load", (request, response) => {
  const number = Number(request.query.number);
  const start = performance.now();
  let isPrime = number > 1;
  for (let divisor = 2; isPrime && divisor * divisor <= number; divisor += 1)
    isPrime = number % divisor !== 0;
  response.json({ isPrime, number, processingTime: (performance.now() - start) / 1000 });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
