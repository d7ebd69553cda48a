import type { Handle } from "natter-chat";
import { useRef, useState } from "react";
import { Chat } from "./Chat";

export function App() {
  const chat = useRef<Handle>(null);
  const [title, setTitle] = useState("Ask Ada");
  const [shown, setShown] = useState(true);
  return (
    <main>
      <h1>A page made with React</h1>
      <button type="button" onClick={() => chat.current?.open()}>
        Ask us anything
      </button>
      <button type="button" onClick={() => setTitle("Ask Grace")}>
        Let Grace answer
      </button>
      <button type="button" onClick={() => setShown(!shown)}>
        {shown ? "Take the chat away" : "Bring the chat back"}
      </button>
      {shown && <Chat endpoint="/api/chat" title={title} handle={chat} />}
    </main>
  );
}
