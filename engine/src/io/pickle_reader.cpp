#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <unordered_map>
#include <utility>

#include "io/byte_reader.h"
#include "io/pickle.h"
#include "io/pickle_opcode.h"

namespace piaa {

namespace {

constexpr std::size_t most_nodes = 400'000;
constexpr std::size_t most_dimensions = 4;

[[noreturn]] void refuse(const std::string& reason) {
    throw Error(ErrorCode::bad_profile, reason);
}

/// Values refer to each other by number, so that a pickle in which a list holds itself costs nothing.
using Index = std::uint32_t;

struct Nothing {};
struct List {
    std::vector<Index> items;
};
struct Tuple {
    std::vector<Index> items;
};
struct Dict {
    std::vector<std::pair<Index, Index>> items;
};
/// A name of a module's member, never looked up: a mark that says what the values beside it mean.
enum class Global { rebuild_tensor, ordered_dict, float_storage, double_storage, long_storage };
struct Storage {
    PlainTensor::Type type;
    std::string member;
    std::int64_t count;
};
using Node = std::variant<Nothing, bool, std::int64_t, double, std::string, List, Tuple, Dict, Global,
                          Storage, StoredTensor>;

Global known_global(const std::string& name) {
    static const std::unordered_map<std::string, Global> known = {
        {"torch._utils _rebuild_tensor_v2", Global::rebuild_tensor},
        {"collections OrderedDict", Global::ordered_dict},
        {"torch FloatStorage", Global::float_storage},
        {"torch DoubleStorage", Global::double_storage},
        {"torch LongStorage", Global::long_storage}};
    const auto found = known.find(name);
    if (found == known.end())
        refuse("pickle names '" + name.substr(0, 80) + "', which plain values do not need");
    return found->second;
}

PlainTensor::Type storage_type(Global global) {
    switch (global) {
        case Global::float_storage:
            return PlainTensor::Type::float32;
        case Global::double_storage:
            return PlainTensor::Type::float64;
        case Global::long_storage:
            return PlainTensor::Type::int64;
        default:
            refuse("pickle names a tensor's numbers wrongly");
    }
}

class PickleReader {
public:
    explicit PickleReader(std::span<const std::byte> pickle) : in_(pickle) {}

    PickledDict read() {
        while (true) {
            const auto opcode = static_cast<Opcode>(in_.number<std::uint8_t>());
            if (opcode == Opcode::stop) break;
            step(opcode);
        }
        return plain_dict(pop());
    }

private:
    void step(Opcode opcode) {
        switch (opcode) {
            case Opcode::proto:
                return check_protocol();
            case Opcode::mark:
                return marks_.push_back(stack_.size());
            case Opcode::none:
                return push(Nothing{});
            case Opcode::new_true:
                return push(true);
            case Opcode::new_false:
                return push(false);
            case Opcode::binint:
                return push(std::int64_t{in_.number<std::int32_t>()});
            case Opcode::binint1:
                return push(std::int64_t{in_.number<std::uint8_t>()});
            case Opcode::binint2:
                return push(std::int64_t{in_.number<std::uint16_t>()});
            case Opcode::long1:
                return push(read_long());
            case Opcode::binfloat:
                return push(read_float());
            case Opcode::binunicode:
                return push(in_.text(in_.number<std::uint32_t>()));
            case Opcode::empty_list:
                return push(List{});
            case Opcode::empty_tuple:
                return push(Tuple{});
            case Opcode::empty_dict:
                return push(Dict{});
            case Opcode::append:
                return append({pop()});
            case Opcode::appends:
                return append(pop_to_mark());
            case Opcode::setitem:
                return set_last_item();
            case Opcode::setitems:
                return set_items(pop_to_mark());
            case Opcode::tuple:
                return push(Tuple{pop_to_mark()});
            case Opcode::tuple1:
                return push_tuple(1);
            case Opcode::tuple2:
                return push_tuple(2);
            case Opcode::tuple3:
                return push_tuple(3);
            case Opcode::binput:
                return remember(in_.number<std::uint8_t>());
            case Opcode::long_binput:
                return remember(in_.number<std::uint32_t>());
            case Opcode::binget:
                return recall(in_.number<std::uint8_t>());
            case Opcode::long_binget:
                return recall(in_.number<std::uint32_t>());
            case Opcode::global:
                return push_global();
            case Opcode::binpersid:
                return push_storage();
            case Opcode::reduce:
                return rebuild();
            case Opcode::stop:
                break;
        }
        refuse("pickle holds opcode " + std::to_string(static_cast<int>(opcode)) +
               ", which plain values do not need");
    }

    // The stack.

    void push(Node node) {
        if (nodes_.size() >= most_nodes) refuse("pickle holds too many values");
        stack_.push_back(static_cast<Index>(nodes_.size()));
        nodes_.push_back(std::move(node));
    }

    /// The value on top, which must belong to the group begun last.
    Index pop() {
        if (stack_.size() <= (marks_.empty() ? 0 : marks_.back()))
            refuse("pickle takes a value that is not there");
        const Index top = stack_.back();
        stack_.pop_back();
        return top;
    }

    std::vector<Index> pop_to_mark() {
        if (marks_.empty()) refuse("pickle ends a group that it never began");
        const std::vector<Index> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()),
                                       stack_.end());
        stack_.resize(marks_.back());
        marks_.pop_back();
        return items;
    }

    template <typename Kind>
    Kind& top(const char* kind) {
        if (stack_.empty()) refuse("pickle takes a value that is not there");
        return get<Kind>(stack_.back(), kind);
    }

    template <typename Kind>
    Kind& get(Index index, const char* kind) {
        auto* found = std::get_if<Kind>(&nodes_[index]);
        if (found == nullptr) refuse(std::string("pickle holds another value where ") + kind + " should be");
        return *found;
    }

    // The opcodes that do more than push a value.

    void check_protocol() {
        const int protocol = in_.number<std::uint8_t>();
        if (protocol != 2) refuse("pickle has protocol " + std::to_string(protocol) + " and should have 2");
    }

    std::int64_t read_long() {
        const std::size_t size = in_.number<std::uint8_t>();
        if (size > sizeof(std::int64_t)) refuse("pickle holds a whole number of more than 64 bits");
        const auto bytes = in_.take(size);
        std::uint64_t value = 0;
        for (std::size_t i = size; i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(bytes[i]);
        const std::size_t unused = 64 - 8 * size;  // carries the sign up from the highest byte given
        return size == 0 ? 0 : static_cast<std::int64_t>(value << unused) >> unused;
    }

    double read_float() {
        std::array<std::byte, sizeof(double)> bits;
        std::ranges::reverse_copy(in_.take(bits.size()), bits.begin());
        return std::bit_cast<double>(bits);
    }

    void append(const std::vector<Index>& items) {
        auto& list = top<List>("a list").items;
        list.insert(list.end(), items.begin(), items.end());
    }

    void set_last_item() {
        const Index value = pop();
        set_items({pop(), value});
    }

    void set_items(const std::vector<Index>& items) {
        if (items.size() % 2 != 0) refuse("pickle holds a key without a value");
        auto& dict = top<Dict>("a dict").items;
        for (std::size_t i = 0; i < items.size(); i += 2) dict.emplace_back(items[i], items[i + 1]);
    }

    void push_tuple(std::size_t size) {
        std::vector<Index> items(size);
        while (size-- > 0) items[size] = pop();
        push(Tuple{std::move(items)});
    }

    void remember(std::uint32_t key) {
        if (stack_.empty()) refuse("pickle takes a value that is not there");
        memo_[key] = stack_.back();
    }

    void recall(std::uint32_t key) {
        const auto found = memo_.find(key);
        if (found == memo_.end()) refuse("pickle recalls a value that it never kept");
        stack_.push_back(found->second);
    }

    std::string read_line() {
        std::string line;
        while (true) {
            const auto next = in_.number<char>();
            if (next == '\n') return line;
            if (line.size() == 200) refuse("pickle holds a name that is too long");
            line += next;
        }
    }

    void push_global() {
        const std::string module = read_line();
        push(known_global(module + ' ' + read_line()));
    }

    /// ("storage", type, member, device, count) names numbers in another member.
    void push_storage() {
        const auto items = get<Tuple>(pop(), "a storage").items;
        if (items.size() != 5 || get<std::string>(items[0], "a storage") != "storage")
            refuse("pickle names something other than a tensor's numbers");
        get<std::string>(items[3], "a storage's device");
        push(Storage{storage_type(get<Global>(items[1], "a storage's type")),
                     get<std::string>(items[2], "a storage's member"),
                     get<std::int64_t>(items[4], "a storage's size")});
    }

    /// A function and its arguments: only the two that plain tensors are described with.
    void rebuild() {
        const auto arguments = get<Tuple>(pop(), "arguments").items;
        const Global function = get<Global>(pop(), "a known function");
        if (function == Global::ordered_dict && arguments.empty()) return push(Dict{});
        if (function != Global::rebuild_tensor || arguments.size() < 6 || arguments.size() > 7)
            refuse("pickle calls a function that plain values do not need");
        const Storage& storage = get<Storage>(arguments[0], "a storage");
        push(StoredTensor{storage.type, storage.member, storage.count,
                          get<std::int64_t>(arguments[1], "a tensor's offset"), dimensions(arguments[2]),
                          dimensions(arguments[3])});
    }

    std::vector<std::int64_t> dimensions(Index index) {
        const auto& items = get<Tuple>(index, "a tensor's shape").items;
        if (items.size() > most_dimensions) refuse("pickle holds a tensor of too many dimensions");
        std::vector<std::int64_t> numbers;
        for (const Index item : items) numbers.push_back(get<std::int64_t>(item, "a whole number"));
        return numbers;
    }

    // From values that refer to each other to a plain dict. A value may be referred to many times, so its
    // copies are counted.

    PickledDict plain_dict(Index index) {
        PickledDict dict;
        for (const auto& [key_index, value_index] : get<Dict>(index, "a dict").items) {
            const auto& key = get<std::string>(key_index, "a key of text");
            count_copy(key.size());
            if (!dict.emplace(key, plain_value(value_index)).second)
                refuse("pickle holds the key '" + key.substr(0, 80) + "' twice");
        }
        return dict;
    }

    PickledValue plain_value(Index index) {
        const Node& node = nodes_[index];
        if (const auto* tensor = std::get_if<StoredTensor>(&node)) return *tensor;
        if (const auto* whole = std::get_if<std::int64_t>(&node)) return *whole;
        if (const auto* real = std::get_if<double>(&node)) return *real;
        if (const auto* list = std::get_if<List>(&node)) {
            PlainList texts;
            for (const Index item : list->items) texts.push_back(plain_text(item));
            return texts;
        }
        return plain_text(index);
    }

    std::string plain_text(Index index) {
        const auto& text = get<std::string>(index, "a plain value");
        count_copy(sizeof text + text.size());
        return text;
    }

    void count_copy(std::size_t size) {
        constexpr std::size_t most = 64 << 20;
        copied_ += size;
        if (copied_ > most) refuse("pickle unpacks to too much");
    }

    ByteReader in_;
    std::vector<Node> nodes_;
    std::vector<Index> stack_;
    std::vector<std::size_t> marks_;
    std::unordered_map<std::uint32_t, Index> memo_;
    std::size_t copied_ = 0;
};

}  // namespace

PickledDict read_pickle(std::span<const std::byte> pickle) {
    return PickleReader(pickle).read();
}

}  // namespace piaa
