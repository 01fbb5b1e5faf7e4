// The table of contents beside a page: a link to each of its headings.
document.addEventListener("DOMContentLoaded", () => {
  const toc = document.getElementById("toc");
  if (!toc) return;
  const list = document.createElement("ul");
  list.className = "nav flex-column";
  document.querySelectorAll("main h2").forEach((heading) => {
    const id = heading.id || heading.closest("[id]").id;
    const link = document.createElement("a");
    link.className = "nav-link";
    link.href = "#" + id;
    link.textContent = heading.textContent.trim();
    list.appendChild(document.createElement("li")).appendChild(link);
  });
  toc.appendChild(list);
});
