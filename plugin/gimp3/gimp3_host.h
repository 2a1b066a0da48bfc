#pragma once

#include <vector>

#include <libgimp/gimp.h>

#include "host.h"

namespace piaa::plugin {

/// GIMP 3.0 and later. GIMP's library owns all objects here.
class Gimp3Host : public Host {
public:
    /// layer: a layer of the image that is RGB or grey. shown: new images get a display.
    Gimp3Host(GimpImage* image, GimpLayer* layer, bool shown);

    PixelBox photo() const override { return photo_; }
    std::string name() const override;
    bool has_colour() const override;
    std::vector<std::uint8_t> read_rows(int first, int count) override;
    void progress(double done, const std::string& text) override;
    void begin_changes() override;
    void end_changes() override;
    void remove_earlier() override;
    void add_group(const std::string& name) override;
    void add_layer(const OverlayLayer& overlay) override;
    void add_layer(const FrameLayer& frame) override;
    void add_guides(const PixelBox& box) override;
    void add_path(const std::string& name, const PixelBox& box) override;
    void attach_note(const std::string& json) override;
    void crop(const PixelBox& box) override;
    void make_image(const PixelBox& box, const std::string& name, const std::string& note) override;

    const std::vector<GimpImage*>& made_images() const { return made_; }

private:
    GimpLayer* insert(const std::string& name, int width, int height, double opacity);
    void select_photo();

    GimpImage* image_;
    GimpLayer* layer_;
    bool shown_;
    PixelBox photo_;
    GimpLayer* group_ = nullptr;
    bool guides_ = false;  ///< were added in this run
    std::vector<GimpImage*> made_;
    std::string progress_text_;
};

}  // namespace piaa::plugin
