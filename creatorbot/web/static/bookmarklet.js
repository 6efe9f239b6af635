// The bookmark button: reads the Bandcamp page it is pressed on and sends what the page says to the artist's own installation.
// It runs in the artist's browser, on the artist's page; target is our address for it, secret tells whose page it is,
// elsewhere is what to say on any other page.
// It opens no window (tablets block those): the page goes over, and the way back is the browser's own.
(function (target, secret, elsewhere) {
  var find = function (selector) { return document.querySelector(selector); };
  var all = function (selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); };
  var attribute = function (name) { var node = find("[" + name + "]"); return (node && node.getAttribute(name)) || ""; };
  var text = function (node) { return node ? node.textContent.replace(/\s+/g, " ").trim().slice(0, 500) : ""; };
  var meta = function (selector) { var node = find(selector); return (node && node.getAttribute("content")) || ""; };
  var trimmed = function (raw, change) {
    try { return JSON.stringify(change(JSON.parse(raw))); } catch (unreadable) { return raw; }
  };
  var hidden = function (node) { return /display\s*:\s*none/i.test(node.getAttribute("style") || ""); };
  if (!find('meta[name="generator"][content="Bandcamp"], meta[name="bc-page-properties"], [data-tralbum], [data-band]')) {
    window.alert(elsewhere);
    return;
  }
  // Addresses of sound files, lyrics and the packages stay behind; so do the names of fans who bought or praised the release.
  var tralbum = trimmed(attribute("data-tralbum"), function (data) {
    data.packages = null;
    data.trackinfo = data.trackinfo && data.trackinfo.map(function (track) {
      return { id: track.id, license_type: track.license_type, unreleased_track: track.unreleased_track };
    });
    if (data.current) { delete data.current.lyrics; }
    return data;
  });
  var linked = all('script[type="application/ld+json"]').map(function (node) {
    return trimmed(node.textContent, function (data) {
      delete data.comment;
      delete data.sponsor;
      delete data.track;
      delete data.recordingOf;
      return data;
    });
  })[0] || "";
  var deed = find("#license a.cc-icons[href], #license a[href*='creativecommons.org']");
  var squares = all("#music-grid li[data-item-id], ol.music-grid li[data-item-id], ol.featured-grid li[data-item-id]");
  var payload = {
    v: 1,
    address: window.location.href,
    tralbum: tralbum,
    band: trimmed(attribute("data-band"), function (data) {
      return { id: data.id, name: data.name, url: data.url, local_url: data.local_url, currency: data.currency, is_label: data.is_label };
    }),
    currency: attribute("data-band-currency"),
    linked: linked,
    licence: deed ? deed.href : find("#license .cc-icons.commercial") ? "commercial" : "",
    image: meta('meta[property="og:image"]'),
    page: meta('meta[name="bc-page-properties"]'),
    button: text(find("h4.compound-button, .compound-button")),
    heading: text(find("h2.trackTitle")),
    items: attribute("data-client-items"),
    stub: !!find(".stub-page-content"),
    tags: all(".tralbum-tags a.tag").map(text),
    members: all("ol.artists-grid li a[href], .artists-grid li a[href]").filter(function (link) {
      return !hidden(link.parentNode);
    }).map(function (link) { return link.href; }),
    squares: squares.filter(function (square) { return !hidden(square); }).map(function (square) {
      var link = square.querySelector("a[href]");
      var image = square.querySelector(".art img, img");
      var title = square.querySelector(".title");
      var artist = title && title.querySelector(".artist-override");
      var whole = text(title);
      var name = text(artist);
      return {
        id: square.getAttribute("data-item-id"),
        href: link ? link.href : "",
        title: name && whole.slice(-name.length) === name ? whole.slice(0, -name.length).trim() : whole,
        artist: name,
        image: image ? image.getAttribute("data-original") || image.src : "",
      };
    }),
  };
  var form = document.createElement("form");
  form.method = "post";
  form.action = target;
  form.acceptCharset = "utf-8";
  form.style.display = "none";
  [["secret", secret], ["payload", JSON.stringify(payload)]].forEach(function (pair) {
    var field = document.createElement("textarea");
    field.name = pair[0];
    field.value = pair[1];
    form.appendChild(field);
  });
  document.body.appendChild(form);
  HTMLFormElement.prototype.submit.call(form);
})
