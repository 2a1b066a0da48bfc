#include "io/byte_reader.h"
#include "io/pickle.h"
#include "io/pickle_opcode.h"

namespace piaa {

namespace {

const char* storage_name(PlainTensor::Type type) {
    switch (type) {
        case PlainTensor::Type::float64:
            return "DoubleStorage";
        case PlainTensor::Type::int64:
            return "LongStorage";
        case PlainTensor::Type::float32:
            break;
    }
    return "FloatStorage";
}

class PickleWriter {
public:
    std::vector<std::byte> write(const PickledDict& dict) {
        opcode(Opcode::proto);
        out_.number<std::uint8_t>(2);
        opcode(Opcode::empty_dict);
        opcode(Opcode::mark);
        for (const auto& [key, value] : dict) {
            write(key);
            std::visit([this](const auto& plain) { write(plain); }, value);
        }
        opcode(Opcode::setitems);
        opcode(Opcode::stop);
        return out_.take();
    }

private:
    void opcode(Opcode opcode) { out_.number(static_cast<std::uint8_t>(opcode)); }

    void write(std::int64_t value) {
        if (value == static_cast<std::int32_t>(value)) {
            opcode(Opcode::binint);
            out_.number(static_cast<std::int32_t>(value));
        } else {
            opcode(Opcode::long1);
            out_.number<std::uint8_t>(sizeof value);
            out_.number(value);
        }
    }

    [[noreturn]] void write(double) {
        throw Error(ErrorCode::bad_argument, "a single floating-point number should be written as a tensor");
    }

    void write(const std::string& text) {
        opcode(Opcode::binunicode);
        out_.number(static_cast<std::uint32_t>(text.size()));
        out_.text(text);
    }

    void write(const PlainList& list) {
        opcode(Opcode::empty_list);
        opcode(Opcode::mark);
        for (const auto& text : list) write(text);
        opcode(Opcode::appends);
    }

    void write(const StoredTensor& tensor) {
        write_global("torch._utils", "_rebuild_tensor_v2");
        opcode(Opcode::mark);
        write_storage(tensor);
        write(tensor.offset);
        write_tuple(tensor.shape);
        write_tuple(tensor.strides);
        opcode(Opcode::new_false);  // requires no gradient
        write_global("collections", "OrderedDict");
        opcode(Opcode::empty_tuple);
        opcode(Opcode::reduce);
        opcode(Opcode::tuple);
        opcode(Opcode::reduce);
    }

    void write_storage(const StoredTensor& tensor) {
        opcode(Opcode::mark);
        write(std::string("storage"));
        write_global("torch", storage_name(tensor.type));
        write(tensor.member);
        write(std::string("cpu"));
        write(tensor.member_count);
        opcode(Opcode::tuple);
        opcode(Opcode::binpersid);
    }

    void write_tuple(std::span<const std::int64_t> numbers) {
        opcode(Opcode::mark);
        for (const auto number : numbers) write(number);
        opcode(Opcode::tuple);
    }

    void write_global(const std::string& module, const std::string& name) {
        opcode(Opcode::global);
        out_.text(module + '\n' + name + '\n');
    }

    ByteWriter out_;
};

}  // namespace

std::vector<std::byte> write_pickle(const PickledDict& dict) {
    return PickleWriter().write(dict);
}

}  // namespace piaa
