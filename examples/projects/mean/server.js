import express from "express";
import { MongoClient } from "mongodb";

const client = new MongoClient(process.env.MONGODB_URI);
const notes = client.db().collection("notes");
await client.connect();

const app = express();

app.get("/notes", async (_request, response) => {
  const all = await notes.find().sort({ _id: 1 }).toArray();
  response.json(all.map(({ text }) => text));
});

app.post("/notes", express.text({ type: () => true }), async (request, response) => {
  await notes.insertOne({ text: request.body });
  response.sendStatus(201);
});

// What `npm run build` wrote; every other path is the app's own.
app.use(express.static("dist/starter/browser"));
app.get("/{*path}", (_request, response) =>
  response.sendFile("index.html", { root: "dist/starter/browser" }),
);

app.listen(process.env.PORT ?? 3000);
