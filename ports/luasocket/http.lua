-- HTTP requests: pages, headers, redirects, bodies both ways, and what goes wrong.
local http = require("socket.http")
local ltn12 = require("ltn12")
local url = require("socket.url")
local mime = require("mime")
local origin, refused, silent = arg[1], arg[2], arg[3]
http.TIMEOUT = 20

local function show(label, body, code, headers, status)
  print(label, type(body) == "string" and #body or body, code, type(headers) == "table" and headers["content-type"], status)
end

local page, code, headers, status = http.request(origin .. "/page.html")
show("page", page, code, headers, status)
print(page:find("Zeile 399: größer als ein Paket", 1, true) ~= nil, #page)
show("nothing there", http.request(origin .. "/nothing"))
show("empty", http.request(origin .. "/empty.txt"))
show("redirect", http.request(origin .. "/redirect"))
show("not followed", http.request({ url = origin .. "/redirect", redirect = false }))
show("in circles", http.request({ url = origin .. "/circle", maxredirects = 3 }))
print("form", (http.request(origin .. "/mirror/form?q=" .. url.escape("größer & mehr"), "name=value")))

local parts = {}
print("put", http.request({
  url = url.build({ scheme = "http", authority = origin:match("//(.*)"), path = "/mirror", user = "alice", password = "secret" }),
  method = "PUT",
  user = "alice",
  password = "secret",
  headers = { ["content-length"] = 1000000, ["content-type"] = "text/plain" },
  source = ltn12.source.string(("y"):rep(1000000)),
  sink = ltn12.sink.table(parts),
}))
print(table.concat(parts))
parts = {}
http.request({
  url = origin .. "/mirror",
  method = "POST",
  source = ltn12.source.chain(ltn12.source.string(("z"):rep(30000)), mime.encode("base64")),
  sink = ltn12.sink.table(parts),
})
print("chunked", table.concat(parts))

local length, sum = 0, 0
print("large", http.request({
  url = origin .. "/large.bin",
  sink = function(chunk)
    if chunk then
      length = length + #chunk
      sum = (sum * 31 + #chunk + chunk:byte()) % 2147483647
    end
    return 1
  end,
}))
print(length)
print("refused", http.request("http://127.0.0.1:" .. refused .. "/"))
print("unknown", http.request("http://nowhere.invalid/"))
http.TIMEOUT = 0.3
print("silent", http.request("http://127.0.0.1:" .. silent .. "/"))
print("slow", http.request(origin .. "/mirror/slow"))
