import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

/** The wallets of this browser, each of which announces itself (EIP-6963). */
function useWallets() {
  const [wallets, setWallets] = useState([]);
  useEffect(() => {
    const add = ({ detail }) =>
      setWallets((all) => [...all.filter(({ info }) => info.uuid !== detail.info.uuid), detail]);
    window.addEventListener("eip6963:announceProvider", add);
    window.dispatchEvent(new Event("eip6963:requestProvider"));
    return () => window.removeEventListener("eip6963:announceProvider", add);
  }, []);
  return wallets;
}

function App() {
  const wallets = useWallets();
  const [said, setSaid] = useState("");

  async function connect({ provider }) {
    try {
      const [account] = await provider.request({ method: "eth_requestAccounts" });
      const block = await provider.request({ method: "eth_blockNumber" });
      setSaid(`${account} is connected; the chain is at block ${parseInt(block, 16)}.`);
    } catch (error) {
      setSaid(`The wallet refused: ${error.message}`);
    }
  }

  return (
    <main>
      <h1>It works</h1>
      {wallets.length === 0 && <p>This browser has no wallet.</p>}
      {wallets.map((wallet) => (
        <button key={wallet.info.uuid} onClick={() => connect(wallet)}>
          Connect {wallet.info.name}
        </button>
      ))}
      <p role="status">{said}</p>
    </main>
  );
}

createRoot(document.getElementById("app")).render(<App />);
