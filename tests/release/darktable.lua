-- Drives the panel "aesthetics" inside darktable for tests/release/darktable, by the functions that its buttons call, and writes what
-- it sees of the library, one photo a line, into PIAA_TRY/says.
local dt = require "darktable"
local piaa = require "piaa"

local try = os.getenv("PIAA_TRY")
local says = io.open(try .. "/says", "w")

local function say(text)
  says:write(text, "\n")
  says:flush()
end

local function images()
  local all = {}
  for index = 1, #dt.database do all[index] = dt.database[index] end
  table.sort(all, function(a, b) return a.filename < b.filename end)
  return all
end

local function one_line(text)
  return (text:gsub("\n", " / "))
end

local function look(title)
  say("== " .. title .. ": " .. one_line(piaa.said or ""))
  for _, image in ipairs(images()) do
    local tags = {}
    for _, tag in ipairs(dt.tags.get_tags(image)) do
      if tag.name:sub(1, 5) == "piaa|" then tags[#tags + 1] = tag.name end
    end
    table.sort(tags)
    say(("%s\t%d\t%s\t%s"):format(one_line(image.filename), image.rating, table.concat(tags, " "), one_line(image.notes)))
  end
end

-- Waits until tests/release/darktable has done what the name says.
local function ask_for(name)
  io.open(try .. "/" .. name, "w"):close()
  while io.open(try .. "/" .. name) do dt.control.sleep(100) end
end

-- The last picture is a wall and no photo.
local function import()
  dt.database.import(try .. "/photos")
  while #dt.database < tonumber(os.getenv("PIAA_PHOTOS")) do dt.control.sleep(100) end
  local all = images()
  all[1].rating, all[2].rating, all[#all - 1].notes = 5, -1, "my own words"
  dt.gui.selection(all)
  piaa.panel.model.selected = 4
  look "imported"
end

-- While a job runs, round trips through the main loop are counted: they end only where darktable goes on.
local function score_and_count()
  local count, done = 0, false
  dt.control.dispatch(function()
    while not done do
      dt.gui.selection()
      count = count + 1
      if count == 10 then ask_for "job" end
      dt.control.sleep(50)
    end
  end)
  piaa.score_selected()
  done = true
  say("round trips meanwhile: " .. count)
end

local function try_all()
  import()
  score_and_count()
  look "scored"
  local all = images()
  dt.gui.selection { all[#all - 1] }
  ask_for "picture"
  dt.gui.selection(all)
  for index = 4, #all - 1 do
    if index % 2 == 0 then all[index].rating = 1 + index % 5 end
  end
  piaa.panel.initial.value = false
  piaa.learn_from_selected()
  look "learned"
  ask_for "profile"
  piaa.score_selected()
  look "scored to one's taste"
  piaa.learn_from_selected()
  look "learned again"
  os.remove(all[7].path .. "/" .. all[7].filename)
  piaa.score_selected()
  look "one is gone"
  piaa.panel.profile.text = try .. "/photos/" .. all[1].filename
  piaa.score_selected()
  look "not a profile"
  piaa.panel.profile.text = try .. "/none.pt"
  piaa.panel.model.selected = 2
  dt.control.dispatch(function() dt.control.sleep(100) piaa.cancel() end)
  piaa.score_selected()
  look "cancelled"
  dt.preferences.write("piaa", "program", "string", try .. "/no/piaa-batch")
  piaa.score_selected()
  look "no program"
  piaa.forget_selected()
  look "removed"
end

dt.control.dispatch(function()
  dt.control.sleep(3000)
  local well, trouble = pcall(try_all)
  say(well and "== end" or "== failed: " .. tostring(trouble))
  says:close()
  dt.gui.action("global/quit", 0, "", "", 1)
end)
