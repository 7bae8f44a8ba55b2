package io.fsmigrate.online.restraint;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;

/**
 * Messages as bytes. Spark reads what it transports with the class loader of its own jars, which
 * does not know the classes of a program that was submitted; bytes it always knows.
 */
final class Wire {
  private static final ObjectInputFilter KNOWN =
      ObjectInputFilter.Config.createFilter(
          "maxbytes=1000000;" + Wire.class.getPackageName() + ".*;java.lang.*;java.util.*;!*");

  private Wire() {}

  static byte[] bytes(Message message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(message);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IOException when these bytes are something else
   */
  static Message message(byte[] bytes) throws IOException {
    try (Input in = new Input(bytes)) {
      return (Message) in.readObject();
    } catch (ClassNotFoundException e) {
      throw new IOException("Not a message of this version: " + e.getMessage(), e);
    }
  }

  private static final class Input extends ObjectInputStream {
    Input(byte[] bytes) throws IOException {
      super(new ByteArrayInputStream(bytes));
      setObjectInputFilter(KNOWN);
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass type)
        throws IOException, ClassNotFoundException {
      try {
        return Class.forName(type.getName(), false, Wire.class.getClassLoader());
      } catch (ClassNotFoundException e) {
        return super.resolveClass(type); // the names of primitive types
      }
    }
  }
}
