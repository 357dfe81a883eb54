-- SPDX-License-Identifier: Apache-2.0
--
-- Wireshark dissectors of what Dojima speaks: OUCH 5.0 and the native protocol inside SoupBinTCP, ITCH 5.0
-- inside MoldUDP64 and SoupBinTCP. Layouts come from dojima_tables.lua, which tools/schemagen writes.
--
--   tshark -X lua_script:tools/wireshark/dojima.lua -d tcp.port==PORT,soupbintcp -d udp.port==PORT,moldudp64 ...
--   or copy both files into Wireshark's folder of personal plugins
--
-- Whatever is not in the tables (letter, template, tag, value of a closed set) gets the expert item
-- dojima.unknown; what does not fill its message exactly gets dojima.malformed.

local here = debug.getinfo(1, "S").source:match("^@(.*)[/\\][^/\\]*$") or __DIR__
local tables = dofile(here .. "/dojima_tables.lua")

local ouch = Proto("dojima_ouch", "OUCH 5.0")
local itch = Proto("dojima_itch", "ITCH 5.0")
local native = Proto("dojima_native", "Dojima native")
local soup_type = Field.new("soupbintcp.packet_type")

-- Fields: one for each name and kind, so that `dojima.ouch.user_ref_num` finds it in every message.

local number_types = { [1] = ftypes.UINT8, [2] = ftypes.UINT16, [4] = ftypes.UINT32, [6] = ftypes.UINT64,
                       [8] = ftypes.UINT64 }
local native_types = { U8 = ftypes.UINT8, U16 = ftypes.UINT16, U32 = ftypes.UINT32, U64 = ftypes.UINT64,
                       TIME = ftypes.UINT64, I64 = ftypes.INT64, PRICE = ftypes.INT64, QUANTITY = ftypes.INT64,
                       ENUM = ftypes.UINT8, CHARS16 = ftypes.STRING, BYTES32 = ftypes.BYTES,
                       TEXT = ftypes.STRING }

local function field_type(row)
  if native_types[row.kind] then return native_types[row.kind] end
  if row.kind == "number" then return number_types[row.bytes] end
  return ftypes.STRING
end

-- Adds the fields of `messages` to `fields`, by name, in the order of their names, so that each gets the
-- same every time; a name that has another type elsewhere gets the number of its bits behind it. Leaves
-- the field in `row.field`.
local function declare(fields, prefix, messages)
  local ordered = {}
  for _, message in pairs(messages) do ordered[#ordered + 1] = message end
  table.sort(ordered, function(one, other) return one.name < other.name end)
  for _, message in ipairs(ordered) do
    for _, row in ipairs(message.fields) do
      local kind = field_type(row)
      local name = row.name
      if fields[name] and fields[name].kind ~= kind then name = name .. "_" .. row.bytes * 8 end
      if not fields[name] then
        fields[name] = { kind = kind, field = ProtoField.new(name, prefix .. name, kind) }
      end
      row.field = fields[name].field
    end
  end
end

-- `extra`: lists of {name, type} that stand in no table.
local function fields_of(prefix, lists, extra)
  local fields = {}
  local named = {}
  for _, messages in ipairs(lists) do declare(fields, prefix, messages) end
  for _, row in ipairs(extra) do
    named[row[1]] = ProtoField.new(row[1], prefix .. row[1], row[2])
  end
  local all = {}
  for _, row in pairs(fields) do all[#all + 1] = row.field end
  for _, field in pairs(named) do all[#all + 1] = field end
  return all, named
end

local ouch_fields, ouch_named = fields_of("dojima.ouch.", { tables.ouch_in, tables.ouch_out },
  { { "message", ftypes.STRING }, { "appendage_bytes", ftypes.UINT16 }, { "appendage", ftypes.STRING },
    { "tag", ftypes.UINT8 }, { "tag_number", ftypes.UINT64 }, { "tag_text", ftypes.STRING } })
local itch_fields, itch_named = fields_of("dojima.itch.", { tables.itch }, { { "message", ftypes.STRING } })
local native_fields, native_named = fields_of("dojima.native.", { tables.native },
  { { "message", ftypes.STRING }, { "block_length", ftypes.UINT16 }, { "template_id", ftypes.UINT16 },
    { "schema_id", ftypes.UINT16 }, { "version", ftypes.UINT16 }, { "frame_input_sequence", ftypes.UINT64 },
    { "frame_valid_for_us", ftypes.UINT32 }, { "frame_event_sequence", ftypes.UINT64 },
    { "frame_time", ftypes.UINT64 }, { "frame_remaining_budget", ftypes.UINT32 },
    { "retry_after_us", ftypes.UINT32 }, { "refusal", ftypes.UINT16 } })
ouch.fields = ouch_fields
itch.fields = itch_fields
native.fields = native_fields

local function experts_of(proto, prefix)
  local unknown = ProtoExpert.new(prefix .. "unknown", "not in the tables", expert.group.UNDECODED,
    expert.severity.ERROR)
  local malformed = ProtoExpert.new(prefix .. "malformed", "does not fill its message", expert.group.MALFORMED,
    expert.severity.ERROR)
  proto.experts = { unknown, malformed }
  return { unknown = unknown, malformed = malformed }
end
local ouch_experts = experts_of(ouch, "dojima.ouch.")
local itch_experts = experts_of(itch, "dojima.itch.")
local native_experts = experts_of(native, "dojima.native.")

-- Values of the big-endian formats

local function decimal(range, decimals)
  local raw = range:uint64()
  local scale = UInt64(decimals == 4 and 10000 or 100000000)
  local whole = tostring(raw / scale)
  local rest = tostring(raw % scale)
  return whole .. "." .. string.rep("0", decimals - #rest) .. rest
end

-- Signed, 32 bits, 4 decimals.
local function offset_text(range)
  local raw = range:int()
  local size = math.abs(raw)
  return string.format("%s%d.%04d", raw < 0 and "-" or "", math.floor(size / 10000), size % 10000)
end

local function trimmed(range)
  return (range:string():gsub(" +$", ""))
end

local function add_row(tree, row, range, experts)
  local item
  if row.kind == "number" then
    item = tree:add(row.field, range)
  elseif row.kind == "price" then
    item = tree:add(row.field, range, decimal(range, 4))
  elseif row.kind == "price8" then
    item = tree:add(row.field, range, decimal(range, 8))
  else
    item = tree:add(row.field, range, trimmed(range))
  end
  if row.set then
    local key = row.kind == "number" and range:uint() or range:string()
    local meaning = tables.sets[row.set][key]
    if meaning then
      item:append_text(" (" .. meaning .. ")")
    else
      item:add_proto_expert_info(experts.unknown, row.name .. ": a value outside its set")
    end
  end
end

-- OUCH

-- Whether the elements of an appendage fill it exactly.
local function tiles(tvb, at)
  while at < tvb:len() do
    local length = tvb(at, 1):uint()
    if length == 0 or at + 1 + length > tvb:len() then return false end
    at = at + 1 + length
  end
  return true
end

local function ouch_fits(message, tvb)
  if tvb:len() < message.bytes then return false end
  if tvb:len() == message.bytes then return message.appendage ~= "REQUIRED" end
  if message.appendage == "NONE" or tvb:len() < message.bytes + 2 then return false end
  return tvb(message.bytes, 2):uint() == tvb:len() - message.bytes - 2 and tiles(tvb, message.bytes + 2)
end

local function ouch_element(tvb, at, length, tree)
  local tag = tvb(at + 1, 1):uint()
  local row = tables.tags[tag]
  local branch = tree:add(ouch_named.tag, tvb(at + 1, 1))
  if not row then
    branch:add_proto_expert_info(ouch_experts.unknown, "a tag that is not in the tables")
    return
  end
  branch:append_text(" (" .. row.name .. ")")
  if length - 1 ~= row.bytes then
    branch:add_proto_expert_info(ouch_experts.malformed, row.name .. ": not the bytes of its tag")
    return
  end
  local range = tvb(at + 2, row.bytes)
  if row.kind == "NUMBER" then
    branch:add(ouch_named.tag_number, range)
  elseif row.kind == "PRICE" then
    branch:add(ouch_named.tag_text, range, decimal(range, 4))
  elseif row.kind == "OFFSET" then
    branch:add(ouch_named.tag_text, range, offset_text(range))
  else
    branch:add(ouch_named.tag_text, range, trimmed(range))
  end
end

local function ouch_dissect(message, tvb, pinfo, tree)
  pinfo.cols.protocol = "OUCH"
  pinfo.cols.info = message.name
  local branch = tree:add(ouch, tvb(), "OUCH 5.0, " .. message.name)
  branch:add(ouch_named.message, tvb(0, 1), message.name)
  for _, row in ipairs(message.fields) do
    add_row(branch, row, tvb(row.offset, row.bytes), ouch_experts)
  end
  if tvb:len() == message.bytes then return end
  branch:add(ouch_named.appendage_bytes, tvb(message.bytes, 2))
  local at = message.bytes + 2
  while at < tvb:len() do
    local length = tvb(at, 1):uint()
    ouch_element(tvb, at, length, branch)
    at = at + 1 + length
  end
end

-- The type of the SoupBinTCP packet whose payload is being dissected: the last one seen.
local function packet_type()
  local all = { soup_type() }
  return #all > 0 and all[#all].range:string() or ""
end

-- The OUCH message that fills `tvb` exactly, or nil.
local function ouch_find(tvb)
  if tvb:len() == 0 then return nil end
  local messages = packet_type() == "U" and tables.ouch_in or tables.ouch_out
  local message = messages[tvb(0, 1):string()]
  return message and ouch_fits(message, tvb) and message or nil
end

local function ouch_heuristic(tvb, pinfo, tree)
  local message = ouch_find(tvb)
  if not message then return false end
  ouch_dissect(message, tvb, pinfo, tree)
  return true
end

-- ITCH

local function itch_dissect(tvb, pinfo, tree)
  pinfo.cols.protocol = "ITCH"
  local message = tvb:len() > 0 and tables.itch[tvb(0, 1):string()]
  if not message then
    tree:add(itch, tvb(), "ITCH 5.0"):add_proto_expert_info(itch_experts.unknown, "no such message")
    return tvb:len()
  end
  local branch = tree:add(itch, tvb(), "ITCH 5.0, " .. message.name)
  if tvb:len() ~= message.bytes then
    branch:add_proto_expert_info(itch_experts.malformed, message.name .. ": not its length")
    return tvb:len()
  end
  pinfo.cols.info = message.name
  branch:add(itch_named.message, tvb(0, 1), message.name)
  for _, row in ipairs(message.fields) do
    add_row(branch, row, tvb(row.offset, row.bytes), itch_experts)
  end
  return tvb:len()
end

function itch.dissector(tvb, pinfo, tree)
  return itch_dissect(tvb, pinfo, tree)
end

local function itch_find(tvb)
  if tvb:len() == 0 or packet_type() == "U" then return nil end
  local message = tables.itch[tvb(0, 1):string()]
  return message and message.bytes == tvb:len() and message or nil
end

local function itch_heuristic(tvb, pinfo, tree)
  if not itch_find(tvb) then return false end
  itch_dissect(tvb, pinfo, tree)
  return true
end

-- Native: SBE, little-endian

local function native_value(tree, row, range)
  local item
  if row.kind == "CHARS16" then
    item = tree:add(row.field, range, range:stringz())
  elseif row.kind == "BYTES32" then
    item = tree:add(row.field, range)
  else
    item = tree:add_le(row.field, range)
  end
  if row.set then
    local name = tables.enumerations[row.set][range:le_uint()]
    if name then
      item:append_text(" (" .. name .. ")")
    else
      item:add_proto_expert_info(native_experts.unknown, row.name .. ": a value outside its set")
    end
  end
end

local function native_body(message, version, tvb, at, tree)
  for _, row in ipairs(message.fields) do
    if row.since > version then
      -- an older record does not have it
    elseif row.kind == "TEXT" then
      if at + 1 > tvb:len() or at + 1 + tvb(at, 1):uint() > tvb:len() then return nil end
      local length = tvb(at, 1):uint()
      tree:add(row.field, tvb(at, 1 + length), length > 0 and tvb(at + 1, length):string() or "")
      at = at + 1 + length
    else
      if at + row.bytes > tvb:len() then return nil end
      native_value(tree, row, tvb(at, row.bytes))
      at = at + row.bytes
    end
  end
  return at
end

-- Fields of the prefix; returns where the body begins.
local function native_prefix(message, tvb, tree)
  if message.family == "command" then
    tree:add_le(native_named.frame_input_sequence, tvb(8, 8))
    tree:add_le(native_named.frame_valid_for_us, tvb(16, 4))
    return 20
  end
  tree:add_le(native_named.frame_event_sequence, tvb(8, 8))
  tree:add_le(native_named.frame_time, tvb(16, 8))
  tree:add_le(native_named.frame_remaining_budget, tvb(24, 4))
  return 28
end

local function native_refusal(tvb, tree)
  tree:add_le(native_named.frame_input_sequence, tvb(8, 8))
  tree:add_le(native_named.retry_after_us, tvb(16, 4))
  local item = tree:add_le(native_named.refusal, tvb(20, 2))
  local name = tables.enumerations.reject[tvb(20, 2):le_uint()]
  if name then item:append_text(" (" .. name .. ")") end
  return 22
end

local refusal = { name = "not_sequenced", blocks = { 14 } }

local function native_heuristic(tvb, pinfo, tree)
  if tvb:len() < 8 or tvb(4, 2):le_uint() ~= tables.schema_id then return false end
  local template = tvb(2, 2):le_uint()
  local message = template == tables.not_sequenced and refusal or tables.native[template]
  -- The schema's number may stand in an OUCH or ITCH message by chance: what does not look right is theirs
  -- if it fits them.
  local version = tvb(6, 2):le_uint()
  local block = message and message.blocks[version]
  local sure = block and tvb(0, 2):le_uint() == block
  if not sure and (ouch_find(tvb) or itch_find(tvb)) then return false end
  pinfo.cols.protocol = "Dojima"
  local branch = tree:add(native, tvb(), "Dojima native, " .. (message and message.name or "unknown"))
  branch:add_le(native_named.block_length, tvb(0, 2))
  branch:add_le(native_named.template_id, tvb(2, 2))
  branch:add_le(native_named.schema_id, tvb(4, 2))
  branch:add_le(native_named.version, tvb(6, 2))
  if not block then
    branch:add_proto_expert_info(native_experts.unknown, "no such template or version")
    return true
  end
  local at
  if tvb(0, 2):le_uint() == block and tvb:len() >= 8 + block then
    branch:add(native_named.message, tvb(2, 2), message.name)
    pinfo.cols.info = message.name
    if message == refusal then
      at = native_refusal(tvb, branch)
    else
      at = native_body(message, version, tvb, native_prefix(message, tvb, branch), branch)
    end
  end
  if at ~= tvb:len() then
    branch:add_proto_expert_info(native_experts.malformed, message.name .. ": not its length")
  end
  return true
end

ouch:register_heuristic("soupbintcp", ouch_heuristic)
itch:register_heuristic("soupbintcp", itch_heuristic)
native:register_heuristic("soupbintcp", native_heuristic)
DissectorTable.get("moldudp64.payload"):add_for_decode_as(itch)
