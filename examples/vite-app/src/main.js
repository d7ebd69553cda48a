import { mount } from "natter-chat";

const chat = mount({ endpoint: "/api/chat", title: "Ask Ada" });
document.querySelector("#ask").addEventListener("click", () => chat.open());
