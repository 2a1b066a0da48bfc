-- The panel "aesthetics" of darktable's lighttable: scores the selected photos with piaa-batch, and learns from the stars given
-- there. darktable 4.2 or newer; docs/photographer.md says how to install it.
--
-- Whose stars are whose. darktable gives every photo one star when it is imported (or as many as its settings say), so a photo
-- with as many counts as one that nobody rated, unless the panel says otherwise. Stars that this script set are marked by a tag
-- "piaa|stars|4 stars"; as long as the photo has as many they follow the score, and are no opinion to learn from. All other stars,
-- and rejections, are a person's, and stay.
local dt = require "darktable"

assert(dt.configuration.api_version_major >= 9, "piaa.lua needs darktable 4.2 or newer")

local piaa = {}       -- what the buttons call, and what they said last
local panel = {}      -- widgets by name
local running = nil   -- the child at work; one at a time

-- Settings ---------------------------------------------------------------------------------------------------------------------

dt.preferences.register("piaa", "program", "string", "aesthetics: piaa-batch", "where piaa-batch is, unless it is on PATH", "piaa-batch")

-- What was never set reads as "", so that an empty text is kept as "-".
local function kept(name, otherwise)
  local value = dt.preferences.read("piaa", name, "string")
  if value == "-" then return "" end
  return value ~= "" and value or otherwise
end

local function keep(name, value)
  dt.preferences.write("piaa", name, "string", value ~= "" and value or "-")
end

local function initial_stars()
  return dt.preferences.read("darktable", "ui_last/import_initial_rating", "integer")
end

-- The profile named in the panel, as a whole path, or nil.
local function named_profile()
  local path = panel.profile.text:gsub("^~/", (os.getenv("HOME") or "") .. "/")
  return path ~= "" and path or nil
end

local function is_there(path)
  local file = path and io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

-- The panel is narrow, so lines are broken there; the tooltip and darktable's message have all of it.
local function say(text)
  piaa.said = text
  local lines = { "" }
  for word, gap in text:gmatch("(%S+)(%s*)") do
    local last = lines[#lines]
    if last == "" or #last + #word < 44 then lines[#lines] = last .. word .. " " else lines[#lines + 1] = word .. " " end
    if gap:find "\n" then lines[#lines + 1] = "" end
  end
  panel.answer.label, panel.answer.tooltip = table.concat(lines, "\n"), text
  dt.print((text:gsub("\n", "; ")))
end

-- What piaa-batch answers ------------------------------------------------------------------------------------------------------

-- Inside a JSON string a quote is escaped, so `"key":` can only be a key; all keys of interest are unique.
local function number_in(json, key)
  return tonumber(json:match('"' .. key .. '":%s*(-?[%d.eE+-]+)'))
end

local escaped = { n = " ", t = " ", r = " " }

local function text_in(json, key)
  local safe = json:gsub("\\(.)", function(char) return ("\\%03d"):format(char:byte()) end)
  local text = safe:match('"' .. key .. '":%s*"([^"]*)"') or ""
  return (text:gsub("\\(%d%d%d)", function(code)
    local char = string.char(tonumber(code))
    return escaped[char] or char
  end))
end

local function flags_in(json)
  local flags = {}
  for flag in (json:match('"flags":%s*(%b{})') or ""):gmatch('"([%w_]+)":%s*true') do flags[#flags + 1] = flag:gsub("_", " ") end
  return table.concat(flags, ", ")
end

local function row_of(json)
  local row = { error = text_in(json, "error"), personal = text_in(json, "profile_hash") ~= "", flags = flags_in(json) }
  for _, key in ipairs { "score", "generic", "trust", "stars" } do row[key] = number_in(json, key) end
  row.id = tonumber(text_in(json, "id"))
  row.stars = row.stars and math.floor(row.stars)
  return row
end

-- A child that runs while darktable goes on --------------------------------------------------------------------------------------

local function quoted(word)
  return "'" .. word:gsub("'", [['\'']]) .. "'"
end

local function content(path)
  local file = io.open(path, "rb")
  if not file then return "" end
  local text = file:read("a")
  file:close()
  return text
end

local files = { "in", "out", "err", "pid", "part", "status" }

-- Starts piaa-batch in the background of a shell; the settings of piaa.toml are for other uses. Photos are named in its input alone, so no name is ever part of a command.
local function start(arguments, input)
  local maker = io.popen("mktemp -d")
  local folder = maker:read("l")
  maker:close()
  if not folder then return nil end
  local run = { folder = folder, position = 0 }
  for _, name in ipairs(files) do run[name] = folder .. "/" .. name end
  local file = io.open(run["in"], "wb")
  if not (file and file:write(input) and file:close()) then return nil end
  local words = { "nice", quoted(dt.preferences.read("piaa", "program", "string")) }
  for _, argument in ipairs(arguments) do words[#words + 1] = quoted(argument == "@input" and run["in"] or argument) end
  local path = function(name) return quoted(run[name]) end
  local command = ("%s <%s >%s 2>%s & echo $! >%s; wait $!; echo $? >%s; mv %s %s"):format(table.concat(words, " "), path "in",
    path "out", path "err", path "pid", path "part", path "part", path "status")
  os.execute("(" .. command .. ") </dev/null >/dev/null 2>&1 &")
  return run
end

local function stop(run)
  local process = content(run.pid):match("^%d+")
  if process then os.execute("kill " .. process .. " 2>/dev/null") end
  run.stopped = process ~= nil
end

-- Calls on_line with each whole line that came since the last call.
local function read_lines(run, on_line)
  local file = io.open(run.out, "rb")
  if not file then return end
  file:seek("set", run.position)
  for line in file:lines("L") do
    if line:sub(-1) ~= "\n" then break end
    run.position = run.position + #line
    on_line(line)
  end
  file:close()
end

-- Waits for the end of the child, its exit code; darktable goes on whenever this sleeps. nil where darktable ends first.
local function follow(run, on_line)
  while true do
    local status = tonumber(content(run.status))
    read_lines(run, on_line)
    if status then return status end
    if dt.control.ending then return nil end
    if run.cancelled and not run.stopped then stop(run) end
    dt.control.sleep(200)
  end
end

local function remove(run)
  for _, name in ipairs(files) do os.remove(run[name]) end
  os.remove(run.folder)
end

local function complaint(run, status)
  if status == 127 then
    return "piaa-batch is not installed: apt install ./piaa_*.deb, or name the program in the settings, lua options"
  end
  return content(run.err):match("piaa%-batch: ([^\n]+)") or "piaa-batch ended with code " .. status .. " and should have answered"
end

-- Runs piaa-batch as a job of darktable; on_line may tell how far it is. Gives its exit code, or "cancelled", and what it complained
-- of; nil where it could not run to its end, which has been said.
local function as_job(title, arguments, input, on_line)
  if running then return say("still at work: cancel that first") end
  running = start(arguments, input)
  if not running then return say("no temporary file can be written") end
  local run = running
  local job = dt.gui.create_job(title, true, piaa.cancel)
  local well, status = pcall(follow, run, function(line) on_line(line, job) end)
  if dt.control.ending then return nil end
  job.valid = false
  running = nil
  if not well then stop(run) end
  local trouble = well and complaint(run, status) or tostring(status)
  remove(run)
  if not well then return say(trouble) end
  return run.cancelled and "cancelled" or status, trouble
end

function piaa.cancel()
  if running then running.cancelled = true end
end

-- What is noted about a photo ----------------------------------------------------------------------------------------------------

-- Its tags "piaa|KIND|..." but the wanted one are taken off, and that one is put on; nil for none.
local function set_tag(image, kind, wanted)
  local name = wanted and "piaa|" .. kind .. "|" .. wanted
  local has = false
  for _, tag in ipairs(dt.tags.get_tags(image)) do
    if tag.name == name then
      has = true
    elseif tag.name:sub(1, #kind + 6) == "piaa|" .. kind .. "|" then
      dt.tags.detach(tag, image)
    end
  end
  if name and not has then dt.tags.attach(dt.tags.create(name), image) end
end

local function stars_in_words(count)
  return count == 1 and "1 star" or count .. " stars"
end

local function stars_are_ours(image)
  for _, tag in ipairs(dt.tags.get_tags(image)) do
    if tag.name == "piaa|stars|" .. stars_in_words(image.rating) then return true end
  end
  return false
end

-- Whether a person gave this photo its stars, or rejected it.
local function stars_are_given(image)
  if image.rating == 0 or stars_are_ours(image) then return false end
  return image.rating ~= initial_stars() or not panel.initial.value
end

local function set_stars(image, stars)
  if stars_are_given(image) then
    set_tag(image, "stars", nil)
    return false
  end
  if stars == 0 and not stars_are_ours(image) then return false end
  image.rating = stars
  set_tag(image, "stars", stars > 0 and stars_in_words(stars) or nil)
  return stars > 0
end

local own_lines = {
  "^PIAA: %d+%.%d of 10$", "^PIAA: %d+%.%d of 10 %(people in general %d+%.%d, trust %d+ %%%)$", "^PIAA: no photo %([%l, ]*%)$",
}

-- Numbers look alike in every language, so that our lines are known again.
local function with_points(text)
  return (text:gsub("(%d),(%d)", "%1.%2"))
end

local function words_for(row)
  if row.flags ~= "" then return "PIAA: no photo (" .. row.flags .. ")" end
  if not row.personal then return with_points(("PIAA: %.1f of 10"):format(row.score)) end
  return with_points(("PIAA: %.1f of 10 (people in general %.1f, trust %.0f %%)"):format(row.score, row.generic, 100 * row.trust))
end

-- The notes keep every line but one that reads as ours do; ours, if any, comes last.
local function set_line(image, own)
  local lines = {}
  for line in (image.notes .. "\n"):gmatch("(.-)\n") do
    local ours = false
    for _, pattern in ipairs(own_lines) do ours = ours or line:match(pattern) ~= nil end
    if not ours then lines[#lines + 1] = line end
  end
  while lines[#lines] == "" do lines[#lines] = nil end
  lines[#lines + 1] = own
  local text = table.concat(lines, "\n")
  if text ~= image.notes then image.notes = text end
end

-- Gives whether the photo got its stars from here.
local function note(image, row)
  if panel.tags.value then set_tag(image, "score", row.flags == "" and math.floor(row.score) or nil) end
  if panel.notes.value then set_line(image, words_for(row)) end
  return panel.stars.value and set_stars(image, row.stars)
end

-- The buttons --------------------------------------------------------------------------------------------------------------------

local function file_of(image)
  return image.path .. "/" .. image.filename
end

local function photos(count)
  return count == 1 and "1 photo" or count .. " photos"
end

local function add_model(arguments)
  local model = panel.model.value
  if model ~= "default" then table.move({ "--model", model }, 1, 2, #arguments + 1, arguments) end
end

local function score_arguments()
  local arguments = { "score", "-0", "--id", "--format", "jsonl", "--quiet", "--config", "" }
  local profile = named_profile()
  if is_there(profile) then
    table.move({ "--user", profile }, 1, 2, #arguments + 1, arguments)
  else
    add_model(arguments)
  end
  return arguments
end

local function report_scores(count, tally, status, trouble)
  if status == "cancelled" then return say(("cancelled: %d of %s scored"):format(tally.scored, photos(count))) end
  if tally.scored == 0 then return say(trouble) end
  local text = photos(tally.scored) .. " scored by " .. (tally.personal and "your taste" or "people's taste in general")
  if panel.stars.value then text = text .. ("\nstars set on %d of them"):format(tally.starred) end
  if tally.scored < count then text = text .. ("\n%d not scored: %s"):format(count - tally.scored, tally.error or trouble) end
  say(text)
end

function piaa.score_selected()
  local images = dt.gui.selection()
  if #images == 0 then return say("select the photos to score first") end
  local list = {}
  for index, image in ipairs(images) do list[index] = index .. "\t" .. file_of(image) .. "\0" end
  local tally = { rows = 0, scored = 0, starred = 0 }
  local status, trouble = as_job("scoring " .. photos(#images), score_arguments(), table.concat(list), function(line, job)
    local row = row_of(line)
    tally.rows = tally.rows + 1
    job.percent = math.min(1, tally.rows / #images)
    if row.error ~= "" or not images[row.id] then
      tally.error = tally.error or row.error
      return
    end
    -- A photo may have been removed from the library meanwhile.
    local well, starred = pcall(note, images[row.id], row)
    if not well then
      tally.error = tally.error or "no longer in the library"
      return
    end
    tally.scored, tally.personal = tally.scored + 1, row.personal
    if starred then tally.starred = tally.starred + 1 end
  end)
  if status then report_scores(#images, tally, status, trouble) end
end

-- A table of the stars that people gave, one row for each file (the most that one of its duplicates has), and how many.
local function ratings_of(images)
  local stars, files = {}, {}
  for _, image in ipairs(images) do
    if image.rating > 0 and stars_are_given(image) then
      local file = file_of(image)
      if not stars[file] then files[#files + 1] = file end
      stars[file] = math.max(stars[file] or 0, image.rating)
    end
  end
  local rows = { "image,rating\n" }
  for _, file in ipairs(files) do rows[#rows + 1] = '"' .. file:gsub('"', '""') .. '",' .. stars[file] .. "\n" end
  return table.concat(rows), #files
end

local function in_words(json)
  local agreement = number_in(json, "srocc")
  local lines = { ("learned from the stars of %s, %s in all"):format(photos(math.floor(number_in(json, "ratings_used"))),
    math.floor(number_in(json, "opinions"))) }
  if agreement then
    local word = agreement < 0.3 and "weak" or agreement < 0.6 and "fair" or "good"
    lines[2] = ("agreement with stars held back: %s, %.2f [%.2f, %.2f]"):format(word, agreement, number_in(json, "srocc_low"),
      number_in(json, "srocc_high"))
  else
    lines[2] = "agreement: told from five stars on that differ"
  end
  lines[3] = ("trust in what was learned: %.0f %%"):format(100 * number_in(json, "gate"))
  return table.concat(lines, "\n")
end

function piaa.learn_from_selected()
  local profile = named_profile()
  if not profile or profile:sub(1, 1) ~= "/" then return say("name the profile to write as a whole path, such as ~/me.pt") end
  local images = dt.gui.selection()
  local ratings, count = ratings_of(images)
  if count == 0 then return say(("none of the %s selected has stars that you gave"):format(photos(#images))) end
  local arguments = { "adapt", "--ratings", "@input", "--format", "json", "--quiet", "--config", "", "--output", profile }
  if is_there(profile) then
    table.move({ "--update", profile }, 1, 2, #arguments + 1, arguments)
  else
    add_model(arguments)
  end
  local answer = {}
  local status, trouble = as_job("learning from " .. photos(count), arguments, ratings, function(line) answer[#answer + 1] = line end)
  if not status then return end
  local json = table.concat(answer)
  if number_in(json, "gate") then return say(in_words(json)) end
  say(status == "cancelled" and "cancelled: nothing was learned" or trouble)
end

-- Takes back all that came from here: tags, the line in the notes, and stars that nobody changed, which become none.
function piaa.forget_selected()
  local images = dt.gui.selection()
  for _, image in ipairs(images) do
    if stars_are_ours(image) then image.rating = 0 end
    set_tag(image, "stars", nil)
    set_tag(image, "score", nil)
    set_line(image, nil)
  end
  say("scores removed from " .. photos(#images))
end

-- The panel ----------------------------------------------------------------------------------------------------------------------

local function tick_box(name, label, tooltip)
  panel[name] = dt.new_widget("check_button") {
    label = label, tooltip = tooltip, value = kept(name, "on") == "on",
    clicked_callback = function(box) keep(name, box.value and "on" or "off") end,
  }
  return panel[name]
end

local function button(label, tooltip, action)
  return dt.new_widget("button") {
    label = label, tooltip = tooltip,
    clicked_callback = function()
      keep("profile", panel.profile.text)
      keep("model", panel.model.value)
      action()
    end,
  }
end

local function profile_row()
  panel.profile = dt.new_widget("entry") {
    text = kept("profile", "~/me.pt"), placeholder = "people's taste in general",
    tooltip = "your taste; where there is no such file, photos are scored by people's taste in general, and learning makes it",
  }
  local chooser = dt.new_widget("file_chooser_button") {
    title = "profile", is_directory = false, tooltip = "a profile that is there already",
    changed_callback = function(widget) if widget.value then panel.profile.text = widget.value end end,
  }
  local label = dt.new_widget("label") { label = "profile", halign = "start" }
  return dt.new_widget("box") { orientation = "vertical", label, panel.profile, chooser }
end

local function model_row()
  local models = { "default", "best", "fast", "lite" }
  panel.model = dt.new_widget("combobox") { label = "model", tooltip = "a profile brings its own", table.unpack(models) }
  for index, model in ipairs(models) do
    if model == kept("model", "default") then panel.model.selected = index end
  end
  return panel.model
end

local function make_panel()
  panel.answer = dt.new_widget("label") { label = "", halign = "start", ellipsize = "middle" }
  return dt.new_widget("box") {
    orientation = "vertical",
    profile_row(),
    model_row(),
    tick_box("stars", "set stars where nobody gave any",
      "stars that you gave, and rejections, stay; what is set here follows the score until you change it"),
    tick_box("initial", stars_in_words(initial_stars()) .. ": given by the import, not by me",
      "darktable gives every photo as many stars when it is imported; untick where you gave as many yourself"),
    tick_box("tags", "tags piaa|score|1 to piaa|score|10", "for collections and filters"),
    tick_box("notes", "score as a line in the notes", "your own notes stay"),
    button("score selected photos", "in the background; the job's cross cancels it", piaa.score_selected),
    button("learn from the stars of selected photos", "from stars that you gave; goes on from the profile where it is there",
      piaa.learn_from_selected),
    button("remove scores of selected photos", "tags, lines and stars that came from here", piaa.forget_selected),
    panel.answer,
  }
end

local function install()
  if piaa.installed then return end
  piaa.installed = true
  dt.register_lib("piaa_aesthetics", "aesthetics", true, false,
    { [dt.gui.views.lighttable] = { "DT_UI_CONTAINER_PANEL_RIGHT_CENTER", 100 } }, piaa.widget, nil, nil)
end

-- darktable ends without waiting for a job.
local function end_child()
  if running then
    stop(running)
    remove(running)
  end
end

if dt.configuration.has_gui then
  dt.register_event("piaa_exit", "exit", end_child)
  piaa.panel = panel
  piaa.widget = make_panel()
  -- A panel of the lighttable can only be added there; darktable may start in the darkroom.
  if dt.gui.current_view().id == "lighttable" then
    install()
  else
    dt.register_event("piaa_view", "view-changed", function(_, _, new_view) if new_view.id == "lighttable" then install() end end)
  end
end

return piaa
