// Keeps what analytics are told, as the real one does in window.dataLayer.
window.gtagCalls = [];
window.gtag = function () {
  window.gtagCalls.push(Array.from(arguments));
};
