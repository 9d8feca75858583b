import { useState } from "react";
import { createRoot } from "react-dom/client";

function App() {
  const [count, setCount] = useState(0);
  return (
    <main>
      <h1>It works</h1>
      <p>
        This is the page <code>{location.pathname}</code>: every path is the app's own.
      </p>
      <button onClick={() => setCount(count + 1)}>Pressed {count} times</button>
    </main>
  );
}

createRoot(document.getElementById("app")).render(<App />);
