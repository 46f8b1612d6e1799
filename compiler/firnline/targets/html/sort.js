
for (const table of document.querySelectorAll("table.sorts")) {
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const value = row => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
      const rows = [...body.rows].map(row => [value(row), row]);
      const numbers = rows.every(([each]) => each !== "" && !isNaN(each));
      const first = numbers ? "descending" : "ascending", second = numbers ? "ascending" : "descending";
      const order = head.getAttribute("aria-sort") === first ? second : first;
      rows.sort(([one], [other]) => numbers ? one - other : one.localeCompare(other, "en"));
      heads.forEach(each => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", order);
      body.append(...(order === "ascending" ? rows : rows.reverse()).map(([, row]) => row));
    });
  });
}
