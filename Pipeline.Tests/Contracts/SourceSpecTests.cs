using Pipeline.Contracts.Options;

namespace Pipeline.Tests.Contracts;

public sealed class SourceSpecTests
{
    [Theory]
    [InlineData("a=cifar10", SourceKind.Cifar10, "cifar10")]
    [InlineData("a=cifar10:full", SourceKind.WholeCifar10, "cifar10:full")]
    [InlineData("a = /pictures", SourceKind.Folder, "/pictures")]
    [InlineData("a=/pictures/v1.2", SourceKind.Folder, "/pictures/v1.2")]
    [InlineData("a=/p/all.zip", SourceKind.Zip, "/p/all.zip")]
    [InlineData("a=/p/all.TAR.GZ", SourceKind.Tar, "/p/all.TAR.GZ")]
    [InlineData("a=/p/all.tgz", SourceKind.Tar, "/p/all.tgz")]
    [InlineData("a=/p/all.tar", SourceKind.Tar, "/p/all.tar")]
    [InlineData("a=http://10.0.0.7/snapshot.jpg?size=2", SourceKind.Http, "http://10.0.0.7/snapshot.jpg?size=2")]
    [InlineData("a=https://camera.example/", SourceKind.Http, "https://camera.example/")]
    [InlineData("a=https://camera.example/live.m3u8", SourceKind.Ffmpeg, "https://camera.example/live.m3u8")]
    [InlineData("a=rtsp://10.0.0.7:554/h264", SourceKind.Ffmpeg, "rtsp://10.0.0.7:554/h264")]
    [InlineData("a=/dev/video0", SourceKind.Ffmpeg, "/dev/video0")]
    [InlineData("a=/p/film.mp4", SourceKind.Ffmpeg, "/p/film.mp4")]
    [InlineData("a=ffmpeg:http://10.0.0.7/odd", SourceKind.Ffmpeg, "http://10.0.0.7/odd")]
    [InlineData("a=ffmpeg:/p/film", SourceKind.Ffmpeg, "/p/film")]
    public void What_is_typed_is_told_from_its_form_and_can_be_passed_on(string text, SourceKind kind, string address)
    {
        var spec = Assert.Single(SourceSpec.ParseAll([text]));

        Assert.Equal(new SourceSpec("a", kind, address), spec);
        Assert.Equal(spec, Assert.Single(SourceSpec.ParseAll([spec.Rooted()])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yard")]
    [InlineData("=/pictures")]
    [InlineData("yard=")]
    [InlineData("yard=ftp://10.0.0.7/a.jpg")]
    [InlineData("yard=http://")]
    public void What_is_none_is_named_with_what_can_be_typed(string text)
    {
        var refused = Assert.Throws<FormatException>(() => SourceSpec.ParseAll([text])).Message;

        Assert.Contains(text.Split('=')[0], refused, StringComparison.Ordinal);
        Assert.Contains(SourceSpec.Form, refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_sources_of_one_name_are_refused() =>
        Assert.StartsWith("'yard' names 2 sources",
            Assert.Throws<FormatException>(() => SourceSpec.ParseAll(["yard=/a", "door=/b", "yard=/c"])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_relative_path_is_where_it_was_typed() =>
        Assert.Equal($"a={Path.GetFullPath("pictures")}", Assert.Single(SourceSpec.ParseAll(["a=pictures"])).Rooted());

    [Fact]
    public void A_path_may_begin_in_ones_own_folder()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

        Assert.Equal([$"a={home}/pictures", $"b=ffmpeg:{home}/film.mp4"],
            SourceSpec.ParseAll(["a=~/pictures", "b=~/film.mp4"]).Select(source => source.Rooted()));
    }

    [Theory]
    [InlineData("http://me:secret@10.0.0.7:81/a.jpg", "http://10.0.0.7:81/a.jpg")]
    [InlineData("http://10.0.0.7/a.jpg?user=me&pwd=secret", "http://10.0.0.7/a.jpg?…")]
    [InlineData("rtsp://me:secret@10.0.0.7:554/h264/1", "rtsp://10.0.0.7:554/h264/1")]
    [InlineData("rtsp://me:se#cret@10.0.0.7/h264", "rtsp://…")]                // to ffmpeg it is one
    [InlineData("/pictures/what?", "/pictures/what?")]
    public void A_password_is_not_shown(string address, string shown) =>
        Assert.Equal($"yard ({shown})", Assert.Single(SourceSpec.ParseAll([$"yard={address}"])).Shown);
}
