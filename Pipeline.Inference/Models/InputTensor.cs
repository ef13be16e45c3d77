using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Inference.Models;

/// <summary>Where the images of a batch lie for the model; for one thread at a time.</summary>
internal abstract class InputTensor
{
    /// <summary>RGB24 of one image; <see cref="Fill"/> brings it into the model's own form.</summary>
    public abstract Span<byte> Pixels(int index);

    /// <summary>One image in the model's own form.</summary>
    public abstract Span<byte> Own(int index);

    /// <summary>Makes the first images' own form of their pixels.</summary>
    public abstract void Fill(int count);

    /// <summary>The first images, for ONNX Runtime.</summary>
    public abstract OrtValue Value(int count);

    public static InputTensor Create(ModelSignature model, int maxBatch) => model.InputType switch
    {
        TensorElementType.UInt8 => new InputTensor<byte>(model, maxBatch, value => (byte)MathF.Round(value * byte.MaxValue)),
        TensorElementType.Float16 => new InputTensor<Float16>(model, maxBatch, value => (Float16)value),
        _ => new InputTensor<float>(model, maxBatch, value => value),
    };
}

/// <summary>A tensor of one element type. RGB24 that the model takes as it is lies there once: nothing is copied or computed.</summary>
internal sealed class InputTensor<T> : InputTensor where T : unmanaged
{
    private const int Samples = byte.MaxValue + 1;

    private readonly ModelSignature _model;
    private readonly T[] _own;
    private readonly byte[] _pixels;

    /// <summary>What each of the 256 samples becomes, for each of the model's colours.</summary>
    private readonly T[][] _tables;

    /// <param name="model">What it takes.</param>
    /// <param name="maxBatch">Most images.</param>
    /// <param name="convert">Makes an element of what a sample from 0 to 1 becomes.</param>
    public InputTensor(ModelSignature model, int maxBatch, Func<float, T> convert)
    {
        _model = model;
        _own = GC.AllocateArray<T>(maxBatch * model.Elements, pinned: true);
        _pixels = model.TakesRgb24 ? (byte[])(object)_own : new byte[_own.Length];
        _tables = [.. Enumerable.Range(0, Rgb24.BytesPerPixel)
            .Select(colour => Enumerable.Range(0, Samples).Select(sample => convert(Normalised(sample, colour))).ToArray())];
    }

    public override Span<byte> Pixels(int index) => _pixels.AsSpan(index * _model.Elements, _model.Elements);

    public override Span<byte> Own(int index) => MemoryMarshal.AsBytes(_own.AsSpan(index * _model.Elements, _model.Elements));

    public override void Fill(int count)
    {
        if (_model.TakesRgb24)
        {
            return;
        }

        var (step, plane) = _model.Layout == TensorLayout.Nhwc ? (Rgb24.BytesPerPixel, 1) : (1, _model.Elements / Rgb24.BytesPerPixel);
        for (var index = 0; index < count; index++)
        {
            for (var colour = 0; colour < Rgb24.BytesPerPixel; colour++)
            {
                var from = Pixels(index)[(_model.Channels == ChannelOrder.Rgb ? colour : Rgb24.BytesPerPixel - 1 - colour)..];
                Fill(from, _own.AsSpan(index * _model.Elements + colour * plane), step, _tables[colour]);
            }
        }
    }

    public override OrtValue Value(int count) => OrtValue.CreateTensorValueFromMemory(
        OrtMemoryInfo.DefaultInstance, _own.AsMemory(0, count * _model.Elements), [.. _model.ShapeOf(count).Select(length => (long)length)]);

    private static void Fill(ReadOnlySpan<byte> from, Span<T> to, int step, T[] table)
    {
        for (int sample = 0, at = 0; sample < from.Length; sample += Rgb24.BytesPerPixel, at += step)
        {
            to[at] = table[from[sample]];
        }
    }

    private float Normalised(int sample, int colour)
    {
        var value = (float)sample / byte.MaxValue;
        return _model.Normalisation is { } normalisation ? (value - normalisation.Mean[colour]) / normalisation.Std[colour] : value;
    }
}
