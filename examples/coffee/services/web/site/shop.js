const find = (id) => document.getElementById(id);
const load = async (path) => (await fetch(path)).json();
const settings = await load("settings.json");
const menu = await load("/api/menu");

document.title = settings.shop;
find("shop").textContent = settings.shop;

for (const [id, item] of Object.entries(menu)) {
  const label = document.createElement("label");
  const price = (item.cents / 100).toLocaleString(undefined, {
    style: "currency",
    currency: settings.currency,
  });
  const count = Object.assign(document.createElement("input"), {
    type: "number", min: 0, max: 20, value: 0, name: id,
  });
  label.append(`${item.name}, ${price}`, count);
  find("menu").append(label);
}

async function showOrders() {
  const orders = await load("/api/orders");
  find("orders").replaceChildren(...orders.map((order) => {
    const line = document.createElement("li");
    line.value = order.number;
    line.textContent = `${order.customer}: ${order.status}`;
    return line;
  }));
}

find("order").addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = new FormData(event.target);
  const items = {};
  for (const id of Object.keys(menu)) {
    if (Number(fields.get(id)) > 0) items[id] = Number(fields.get(id));
  }
  const response = await fetch("/api/orders", {
    method: "POST",
    body: JSON.stringify({ customer: fields.get("customer"), email: fields.get("email"), items }),
  });
  const answer = await response.json();
  find("answer").textContent = response.ok ? `Thank you! Order ${answer.number}` : answer.error;
  await showOrders();
});

await showOrders();
setInterval(showOrders, 5000);
