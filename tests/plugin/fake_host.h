#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <piaa/error.h>

#include "host.h"

namespace piaa::test {

/// An image in memory with one layer, which keeps a list of what was done to it.
class FakeHost : public plugin::Host {
public:
    explicit FakeHost(Image picture, PixelBox place = {}) : picture_(std::move(picture)), photo_(place) {
        photo_.width = picture_.width();
        photo_.height = picture_.height();
        whole_ = photo_;
    }

    bool shows_more_than_layer() const override { return more_than_layer; }
    void look_at(bool visible, bool selected_only) override {
        sees_all = visible;
        photo_ = selected_only && selected.width > 0 ? selected : whole_;
    }
    PixelBox photo() const override { return photo_; }
    PixelBox selection() const override { return selected; }
    std::string name() const override { return "beach"; }
    bool has_colour() const override { return colour; }

    std::vector<std::uint8_t> read_rows(int first, int count) override {
        rows_read += count;
        std::vector<std::uint8_t> rows;
        for (int y = photo_.y - whole_.y + first; y < photo_.y - whole_.y + first + count; ++y)
            for (int x = photo_.x - whole_.x; x < photo_.x - whole_.x + photo_.width; ++x) {
                const auto pixel = picture_.at(x, y);
                for (int c = 0; c < 3; ++c)
                    rows.push_back(sees_all ? static_cast<std::uint8_t>(255 - pixel[c]) : pixel[c]);
            }
        return rows;
    }

    std::vector<std::unique_ptr<plugin::Host>> other_photos() const override {
        std::vector<std::unique_ptr<plugin::Host>> open;
        for (const Image& picture : others) open.push_back(std::make_unique<FakeHost>(picture));
        return open;
    }
    void progress(double done, const std::string& text) override {
        progress_made.push_back(done);
        progress_texts.push_back(text);
    }
    void begin_changes() override { done.push_back("begin"); }
    void end_changes() override { done.push_back("end"); }
    void remove_earlier() override { done.push_back("remove earlier"); }
    void add_group(const std::string& name) override { done.push_back("group " + name); }
    void add_layer(const plugin::OverlayLayer& overlay) override {
        done.push_back("map " + overlay.name);
        overlays.push_back(overlay);
    }
    void add_layer(const plugin::FrameLayer& frame) override {
        done.push_back("frame " + frame.name);
        frames.push_back(frame);
    }
    void add_guides(const PixelBox& box) override {
        done.push_back("guides");
        boxes.push_back(box);
    }
    void add_path(const std::string& name, const plugin::CropPlace& place) override {
        done.push_back("path " + name);
        add(place);
    }
    void attach_note(const std::string& json) override {
        done.push_back("note");
        note = json;
    }
    void check_crop(const plugin::CropPlace&) override {
        if (refuses_to_turn)
            throw Error(ErrorCode::io, "GIMP does not turn the layer, channel or path 'sky'");
    }
    void crop(const plugin::CropPlace& place) override {
        done.push_back("crop");
        add(place);
    }
    void make_image(const plugin::CropPlace& place, const std::string& name,
                    const std::string& json) override {
        done.push_back("image " + name);
        add(place);
        note = json;
    }

    bool did(const std::string& what) const {
        return std::find(done.begin(), done.end(), what) != done.end();
    }

    bool colour = true;
    bool refuses_to_turn = false;
    bool more_than_layer = false;
    bool sees_all = false;  ///< the picture is a negative of the layer then
    PixelBox selected;
    std::vector<Image> others;  ///< images that are open too
    int rows_read = 0;
    std::vector<std::string> done;
    std::vector<double> progress_made;
    std::vector<std::string> progress_texts;
    std::vector<plugin::OverlayLayer> overlays;
    std::vector<plugin::FrameLayer> frames;
    std::vector<PixelBox> boxes;
    std::vector<plugin::CropPlace> places;
    std::string note;

private:
    void add(const plugin::CropPlace& place) {
        boxes.push_back(place.box);
        places.push_back(place);
    }

    Image picture_;
    PixelBox photo_;
    PixelBox whole_;
};

}  // namespace piaa::test
